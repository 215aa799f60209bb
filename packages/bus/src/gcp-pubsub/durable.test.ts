import { describe } from 'vitest';
import { describeDurableContract } from '../durable-contract.ts';
import { PubsubServer } from './test-support/pubsub-server.ts';

describe('Google Cloud Pub/Sub, its client library against a stand-in for the server', () => {
  describeDurableContract('gcp-pubsub', {
    startServer: async () => {
      const server = new PubsubServer();
      await server.start();
      return Object.assign(server, { remove: () => server.stop() });
    },
    driver: (server, { name }) => {
      return { driver: 'gcp-pubsub', gcpPubsub: { projectId: 'test', endpoint: server.endpoint, name } };
    },
    // The acknowledgement deadline.
    takeOverMs: 25_000,
    noticesPause: false,
  });
});
