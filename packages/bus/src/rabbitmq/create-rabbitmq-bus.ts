import { type BrokerBusOptions, createBrokerBus } from '../broker/broker-bus.ts';
import type { ConnectedBus } from '../bus.ts';
import { RabbitmqTransport } from './rabbitmq-transport.ts';

/** Where the broker is and how it is used; filled from the settings (`bus.name`, section `rabbitmq`). */
export interface RabbitmqOptions {
  /** amqp(s)://user:password@host:port/vhost */
  url: string;
  /** Begins the name of every exchange and queue. */
  name: string;
  /** Of one queue, in bytes; what comes beyond is refused. */
  maxBytes: number;
}

/** A bus over RabbitMQ (3.10 or later). Rejects when no server is there, or what is on it is not as it has to be. */
export function createRabbitmqBus(rabbitmq: RabbitmqOptions, options: BrokerBusOptions): Promise<ConnectedBus> {
  const { node, groups, partitions, log } = options;
  return createBrokerBus(new RabbitmqTransport({ ...rabbitmq, node, groups, partitions, log }), options);
}
