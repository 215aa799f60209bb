import { noRedisServer, type RedisServer, startRedisServer } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeBusContract } from '../contract.ts';
import { createBus } from '../create-bus.ts';

let server: RedisServer;
let count = 0;

describe.skipIf(noRedisServer)(`Redis${noRedisServer ? ` (skipped: ${noRedisServer})` : ''}`, () => {
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.remove());

  describeBusContract('redis', {
    create: (options) => {
      const redis = { url: server.url, name: `test${++count}`, maxStreamLength: 100_000 };
      return createBus({ driver: 'redis', redis }, { ...options, node: 'node-1', partitions: 4 });
    },
    publishWaitsForHandling: false,
  });
});
