import { type BrokerBusOptions, createBrokerBus } from '../broker/broker-bus.ts';
import type { ConnectedBus } from '../bus.ts';
import type { NatsOptions } from './nats-options.ts';
import { NatsTransport } from './nats-transport.ts';

const DEADLINE_MS = 10_000;
const SHORTEST_WINDOW_MS = 30_000;

/** A bus over NATS JetStream. Rejects when no server is there, or what is on it is not as it has to be. */
export async function createNatsBus(nats: NatsOptions, options: BrokerBusOptions): Promise<ConnectedBus> {
  const { groups, partitions, maxUnacknowledged = 256, deadlineMs = DEADLINE_MS, log } = options;
  // What is unconfirmed is sent again until its deadline.
  const duplicateWindowMs = Math.max(SHORTEST_WINDOW_MS, 2 * deadlineMs);
  const own = { groups, partitions, maxUnacknowledged, duplicateWindowMs };
  return createBrokerBus(new NatsTransport({ ...nats, ...own, ...(log ? { log } : {}) }), options);
}
