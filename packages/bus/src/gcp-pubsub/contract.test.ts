import { afterAll, beforeAll, describe } from 'vitest';
import { describeBusContract } from '../contract.ts';
import { createBus } from '../create-bus.ts';
import { PubsubServer } from './test-support/pubsub-server.ts';

const server = new PubsubServer();
let count = 0;

describe('Google Cloud Pub/Sub, its client library against a stand-in for the server', () => {
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  describeBusContract('gcp-pubsub', {
    create: (options) => {
      const gcpPubsub = { projectId: 'test', endpoint: server.endpoint, name: `test${++count}` };
      return createBus({ driver: 'gcp-pubsub', gcpPubsub }, { ...options, node: 'node-1', partitions: 4 });
    },
    publishWaitsForHandling: false,
  });
});
