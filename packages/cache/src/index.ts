export * from './cache.ts';
export { type CacheOptions, createCache } from './create-cache.ts';
export { createMemoryCache } from './memory-cache.ts';
export { digestPassword, matchesDigest } from './password-digest.ts';
export type { RedisCacheOptions } from './redis/redis-cache.ts';
export { type AuthChange, type CacheChannel, type CacheQuestion, createRemoteCache } from './remote/remote-cache.ts';
export { serveCache } from './remote/serve-cache.ts';
