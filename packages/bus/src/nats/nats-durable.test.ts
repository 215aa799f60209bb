import { noNatsServer, startNatsServer } from '@ocpp-csms/testing';
import { describe } from 'vitest';
import { describeDurableContract } from '../durable-contract.ts';

describe.skipIf(noNatsServer !== undefined)(`NATS${noNatsServer ? `: ${noNatsServer}` : ''}`, () => {
  describeDurableContract('nats', {
    startServer: startNatsServer,
    driver: ({ url }, { name }) => ({ driver: 'nats', nats: { servers: url, name, replicas: 1, maxBytes: 64e6 } }),
  });
});
