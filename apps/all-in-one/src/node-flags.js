/**
 * What the system runs with. Half of Node's 16 MB for short-lived objects: 10,000 connections take 300 instead of
 * 390 MB, a message some 4 % more CPU (docs/performance.md).
 */
export const systemFlags = ['--max-semi-space-size=8'];
