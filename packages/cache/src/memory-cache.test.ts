import { describeCacheContract } from './contract.ts';
import { createMemoryCache } from './memory-cache.ts';

describeCacheContract('memory', { create: async (options) => createMemoryCache(options) });
