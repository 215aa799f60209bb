import { type BrokerBusOptions, createBrokerBus } from '../broker/broker-bus.ts';
import type { ConnectedBus } from '../bus.ts';
import { RedisTransport } from './redis-transport.ts';

/** Where the broker is and how it is used; filled from the settings (`bus.name`, section `redis`). */
export interface RedisOptions {
  /** redis(s)://user:password@host:port/database */
  url: string;
  /** Begins the name of every key and channel. */
  name: string;
  /** Messages in a stream (of one topic and partition); what comes beyond is refused. */
  maxStreamLength: number;
  /** Publishes a copy of each envelope on the channels MessagesIn, MessagesOut and MessagesSent as well. */
  mirror?: boolean;
}

/** A bus over Redis Streams (Redis 7 or later). Rejects when no server is there, or what is on it is not as it has to be. */
export function createRedisBus(redis: RedisOptions, options: BrokerBusOptions): Promise<ConnectedBus> {
  const { url, name, maxStreamLength, mirror = false } = redis;
  const { node, groups, partitions, log } = options;
  const transport = new RedisTransport({ url, name, node, groups, partitions, maxStreamLength, mirror, log });
  return createBrokerBus(transport, options);
}
