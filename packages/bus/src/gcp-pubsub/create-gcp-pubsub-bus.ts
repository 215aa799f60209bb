import { type BrokerBusOptions, createBrokerBus } from '../broker/broker-bus.ts';
import type { ConnectedBus } from '../bus.ts';
import type { GcpPubsubOptions } from './gcp-pubsub-options.ts';
import { GcpPubsubTransport } from './gcp-pubsub-transport.ts';

/** A bus over Google Cloud Pub/Sub. Rejects when it is not there, or what is on it is not as it has to be. */
export function createGcpPubsubBus(gcpPubsub: GcpPubsubOptions, options: BrokerBusOptions): Promise<ConnectedBus> {
  const { groups, partitions, log } = options;
  return createBrokerBus(new GcpPubsubTransport({ ...gcpPubsub, groups, partitions, log }), options);
}
