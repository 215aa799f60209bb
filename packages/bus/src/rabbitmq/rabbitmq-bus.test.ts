import { type RabbitmqServer, startRabbitmqVhost, whyNoRabbitmq } from '@ocpp-csms/testing';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { describeBusContract } from '../contract.ts';
import { createBus } from '../create-bus.ts';
import { deleteRabbitmqQueues } from '../test-support/delete-rabbitmq-queues.ts';

const reason = await whyNoRabbitmq();
const partitions = 3;
let server: RabbitmqServer;
let count = 0;

describe.skipIf(reason)(`RabbitMQ${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    server = await startRabbitmqVhost();
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  const left: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const remove of left.splice(0)) await remove();
  });

  describeBusContract('rabbitmq', {
    create: (options) => {
      const rabbitmq = { url: server.url, name: `test${++count}`, maxBytes: 64e6 };
      left.push(() => deleteRabbitmqQueues(rabbitmq.url, rabbitmq.name, { groups: options.groups, partitions }));
      return createBus({ driver: 'rabbitmq', rabbitmq }, { ...options, node: 'node-1', partitions });
    },
    publishWaitsForHandling: false,
  });
});
