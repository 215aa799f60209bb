import type { BrokerBusOptions } from './broker/broker-bus.ts';
import type { ConnectedBus } from './bus.ts';
import type { GcpPubsubOptions } from './gcp-pubsub/gcp-pubsub-options.ts';
import type { NatsOptions } from './nats/nats-options.ts';
import type { RabbitmqOptions } from './rabbitmq/create-rabbitmq-bus.ts';
import type { RedisOptions } from './redis/create-redis-bus.ts';
import type { ZeromqOptions } from './zeromq/zeromq-options.ts';

/** Which bus, and where it is; filled from the settings. */
export type BusDriver =
  | { driver: 'memory' }
  | { driver: 'zeromq'; zeromq: ZeromqOptions }
  | { driver: 'nats'; nats: NatsOptions }
  | { driver: 'rabbitmq'; rabbitmq: RabbitmqOptions }
  | { driver: 'redis'; redis: RedisOptions }
  | { driver: 'gcp-pubsub'; gcpPubsub: GcpPubsubOptions };

/**
 * Makes the bus that the settings choose. Nothing is loaded that is not used. Rejects with a sentence for the operator
 * when the broker is not there, or not as it has to be.
 */
export async function createBus(choice: BusDriver, options: BrokerBusOptions): Promise<ConnectedBus> {
  switch (choice.driver) {
    case 'memory': {
      const { createMemoryBus } = await import('./memory/memory-bus.ts');
      return createMemoryBus(options);
    }
    case 'zeromq': {
      const { createZeromqBus } = await import('./zeromq/zeromq-bus.ts');
      return createZeromqBus(choice.zeromq, options);
    }
    case 'nats': {
      const { createNatsBus } = await import('./nats/create-nats-bus.ts');
      return createNatsBus(choice.nats, options);
    }
    case 'rabbitmq': {
      const { createRabbitmqBus } = await import('./rabbitmq/create-rabbitmq-bus.ts');
      return createRabbitmqBus(choice.rabbitmq, options);
    }
    case 'redis': {
      const { createRedisBus } = await import('./redis/create-redis-bus.ts');
      return createRedisBus(choice.redis, options);
    }
    case 'gcp-pubsub': {
      const { createGcpPubsubBus } = await import('./gcp-pubsub/create-gcp-pubsub-bus.ts');
      return createGcpPubsubBus(choice.gcpPubsub, options);
    }
  }
}
