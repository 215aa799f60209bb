export * from './cache.ts';
export { type CacheOptions, createCache } from './create-cache.ts';
export { createMemoryCache } from './memory-cache.ts';
export { digestPassword, matchesDigest } from './password-digest.ts';
export type { RedisCacheOptions } from './redis/redis-cache.ts';
