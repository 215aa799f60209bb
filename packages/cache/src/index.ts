export * from './cache.ts';
export { createMemoryCache } from './memory-cache.ts';
export { digestPassword, matchesDigest } from './password-digest.ts';
