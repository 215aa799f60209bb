/**
 * What the system runs with. A bound for V8's space for short-lived objects, which by itself becomes larger: 5,000
 * connections take 235 instead of 306 MB. With 8 a message takes a tenth more CPU (docs/performance.md).
 */
export const systemFlags = ['--max-semi-space-size=16'];
