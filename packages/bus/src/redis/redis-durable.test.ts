import { noRedisServer, startRedisServer } from '@ocpp-csms/testing';
import { describe } from 'vitest';
import { describeDurableContract } from '../durable-contract.ts';

describe.skipIf(noRedisServer)(`Redis${noRedisServer ? ` (skipped: ${noRedisServer})` : ''}`, () => {
  describeDurableContract('redis', {
    startServer: () => startRedisServer(),
    driver: ({ url }, { name }) => ({ driver: 'redis', redis: { url, name, maxStreamLength: 100_000 } }),
  });
});
