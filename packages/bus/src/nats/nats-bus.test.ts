import { type NatsServer, noNatsServer, startNatsServer } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeBusContract } from '../contract.ts';
import { type BusDriver, createBus } from '../create-bus.ts';
import { describeDurableContract } from '../durable-contract.ts';

let server: NatsServer;
let count = 0;

function driverOf({ url }: NatsServer, name: string): BusDriver {
  return { driver: 'nats', nats: { servers: url, name, replicas: 1, maxBytes: 64e6 } };
}

describe.skipIf(noNatsServer !== undefined)(`NATS${noNatsServer ? `: ${noNatsServer}` : ''}`, () => {
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server.remove());

  describeBusContract('nats', {
    create: (options) => createBus(driverOf(server, `test${++count}`), { ...options, node: 'node-1', partitions: 4 }),
    publishWaitsForHandling: false,
  });
});

describe.skipIf(noNatsServer !== undefined)(`NATS${noNatsServer ? `: ${noNatsServer}` : ''}`, () => {
  describeDurableContract('nats', {
    startServer: startNatsServer,
    driver: (server, { name }) => driverOf(server, name),
  });
});
