import { type BrokerBusOptions, createBrokerBus } from '../broker/broker-bus.ts';
import type { ConnectedBus } from '../bus.ts';
import { RedisTransport } from './redis-transport.ts';

export interface RedisBusOptions extends BrokerBusOptions {
  /** redis(s)://user:password@host:port/database */
  url: string;
  /** Begins the names of everything on Redis, so that several installations can share one. */
  name: string;
  /** Messages in a stream (of one topic and partition); beyond it `publish` rejects with 'Full'. */
  maxStreamLength?: number;
  /** Publishes a copy of each envelope on the channels MessagesIn, MessagesOut and MessagesSent as well. */
  mirror?: boolean;
}

const MAX_STREAM_LENGTH = 1_000_000;

/** The bus over Redis Streams (Redis 7 or later). Rejects when Redis is not there, or not as it should be. */
export function createRedisBus(options: RedisBusOptions): Promise<ConnectedBus> {
  const { url, name, node, groups, partitions, maxStreamLength = MAX_STREAM_LENGTH, mirror = false, log } = options;
  const transport = new RedisTransport({ url, name, node, groups, partitions, maxStreamLength, mirror, log });
  return createBrokerBus(transport, options);
}
