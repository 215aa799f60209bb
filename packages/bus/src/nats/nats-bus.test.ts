import { type NatsServer, noNatsServer, startNatsServer } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeBusContract } from '../contract.ts';
import { createBus } from '../create-bus.ts';

let server: NatsServer;
let count = 0;

describe.skipIf(noNatsServer !== undefined)(`NATS${noNatsServer ? `: ${noNatsServer}` : ''}`, () => {
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server.remove());

  describeBusContract('nats', {
    create: (options) => {
      const nats = { servers: server.url, name: `test${++count}`, replicas: 1, maxBytes: 64e6 };
      return createBus({ driver: 'nats', nats }, { ...options, node: 'node-1', partitions: 4 });
    },
    publishWaitsForHandling: false,
  });
});
