import { describeCacheContract } from '../contract.ts';
import { createMemoryCache } from '../memory-cache.ts';
import { type AuthChange, createRemoteCache } from './remote-cache.ts';
import { serveCache } from './serve-cache.ts';

const overTheWire = <Content>(content: Content): Content => JSON.parse(JSON.stringify(content ?? null));

describeCacheContract('the memory of another process', {
  async create(options) {
    const own = createMemoryCache(options);
    const answer = serveCache(own);
    return createRemoteCache({
      request: async (question) => overTheWire(await answer(overTheWire(question))),
      onChange: (listener) =>
        own.auth.onChange((networkId, record) =>
          listener(overTheWire<AuthChange>({ networkId, record: record ?? null })),
        ),
    });
  },
});
