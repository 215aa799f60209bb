import { startRabbitmqVhost, whyNoRabbitmq } from '@ocpp-csms/testing';
import { describe } from 'vitest';
import { describeDurableContract } from '../durable-contract.ts';

const reason = await whyNoRabbitmq();

describe.skipIf(reason)(`RabbitMQ${reason ? ` (skipped: ${reason})` : ''}`, () => {
  describeDurableContract('rabbitmq', {
    startServer: () => startRabbitmqVhost(),
    driver: ({ url }, { name }) => ({ driver: 'rabbitmq', rabbitmq: { url, name, maxBytes: 64e6 } }),
    takeOverMs: 20_000,
  });
});
