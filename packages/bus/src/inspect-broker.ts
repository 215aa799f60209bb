import type { BusDriver } from './create-bus.ts';
import type { InspectOptions } from './inspect-options.ts';

/**
 * Connects to the broker as the driver does, looks whether it can be the bus, and leaves: nothing is made or changed on
 * it, nothing is consumed. Resolves with what is there; rejects with a sentence for the operator.
 */
export async function inspectBroker(choice: BusDriver, options: InspectOptions): Promise<string> {
  switch (choice.driver) {
    case 'memory':
      return 'within the process, no broker';
    case 'zeromq': {
      const { inspectZeromq } = await import('./zeromq/inspect-zeromq.ts');
      return inspectZeromq(choice.zeromq, options);
    }
    case 'nats': {
      const { inspectNats } = await import('./nats/inspect-nats.ts');
      return inspectNats(choice.nats, options);
    }
    case 'rabbitmq': {
      const { inspectRabbitmq } = await import('./rabbitmq/inspect-rabbitmq.ts');
      return inspectRabbitmq(choice.rabbitmq, options);
    }
    case 'redis': {
      const { inspectRedis } = await import('./redis/inspect-redis.ts');
      return inspectRedis(choice.redis, options);
    }
    case 'gcp-pubsub': {
      const { inspectGcpPubsub } = await import('./gcp-pubsub/inspect-gcp-pubsub.ts');
      return inspectGcpPubsub(choice.gcpPubsub, options);
    }
  }
}
