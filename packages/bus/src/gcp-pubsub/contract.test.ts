import { afterAll, beforeAll, describe } from 'vitest';
import type { Bus } from '../bus.ts';
import { type ContractBusOptions, describeBusContract } from '../contract.ts';
import { createBus } from '../create-bus.ts';
import { joinBuses } from '../test-support/joined-bus.ts';
import { PubsubServer } from './test-support/pubsub-server.ts';

const server = new PubsubServer();
let count = 0;

describe('Google Cloud Pub/Sub, its client library against a stand-in for the server', () => {
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  function create(options: ContractBusOptions, name: string): Promise<Bus> {
    const gcpPubsub = { projectId: 'test', endpoint: server.endpoint, name };
    return createBus({ driver: 'gcp-pubsub', gcpPubsub }, { ...options, node: 'node-1', partitions: 4 });
  }

  describeBusContract('gcp-pubsub', {
    create: (options) => create(options, `one${++count}`),
    publishWaitsForHandling: false,
  });

  describeBusContract('gcp-pubsub, two processes', {
    create: async (options) => {
      const name = `two${++count}`;
      return joinBuses(await create(options, name), await create(options, name));
    },
    publishWaitsForHandling: false,
  });
});
