import { randomUUID } from 'node:crypto';
import { ConnectionState } from '../broker/connection-state.ts';
import type {
  Address,
  Closing,
  OpenPartition,
  OutgoingMessage,
  PartitionReceiver,
  Place,
  Transport,
  TransportEvents,
} from '../broker/transport.ts';
import type { BusHealth, Topic, TopicGroups } from '../bus.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { stopped } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { createClient, findCredentials } from './client.ts';
import type { GcpPubsubOptions } from './gcp-pubsub-options.ts';
import { GroupSubscription } from './group-subscription.ts';
import { PubsubNames } from './names.ts';
import { PartitionPublisher } from './partition-publisher.ts';
import { ProcessChannel } from './process-channel.ts';
import { wordsOf } from './status.ts';
import { ensureGroup, ensureTopology, type TopologyOptions } from './topology.ts';

export interface GcpPubsubTransportOptions extends GcpPubsubOptions {
  groups: TopicGroups;
  partitions: number;
  log: BusLog | undefined;
}

const CONNECT_TIMEOUT_MS = 15_000;
const PRESENCE_MS = 5000;
const PROBE_MS = 500;

/** Google Cloud Pub/Sub as a transport of the bus: docs/operations/gcp-pubsub.md. */
export class GcpPubsubTransport implements Transport {
  readonly name = 'Pub/Sub';
  /** Ordering keys: the messages of a partition go to one process at a time. */
  readonly assignment = 'native';
  readonly #options: GcpPubsubTransportOptions;
  readonly #topology: TopologyOptions;
  readonly #state: ConnectionState;
  readonly #deadlines = new Deadlines(() => {});
  readonly #processes: ProcessChannel;
  readonly #publishers = new Map<Topic, PartitionPublisher>();
  readonly #subscriptions = new Map<string, GroupSubscription>();
  #events: TransportEvents | undefined;
  #probe: NodeJS.Timeout | undefined;

  constructor(options: GcpPubsubTransportOptions) {
    const { endpoint, name, connectTimeoutMs = CONNECT_TIMEOUT_MS, presenceMs = PRESENCE_MS, log } = options;
    this.#options = options;
    this.#topology = { client: createClient(options), names: new PubsubNames(name), timeoutMs: connectTimeoutMs };
    this.#state = new ConnectionState(`Pub/Sub${endpoint === '' ? '' : ` (${endpoint})`}`, log);
    this.#processes = new ProcessChannel({
      ...this.#topology,
      member: `m${randomUUID().slice(0, 13)}`,
      presenceMs,
      deadlines: this.#deadlines,
      log,
      succeeded: this.#succeeded,
      failed: this.#failed,
      stumbled: this.#stumbled,
    });
  }

  async start(events: TransportEvents): Promise<void> {
    await findCredentials(this.#topology.client, this.#options);
    await ensureTopology(this.#topology, this.#options.groups);
    await this.#processes.start();
    this.#state.back();
    this.#events = events;
  }

  async stop(): Promise<void> {
    this.#events = undefined;
    clearTimeout(this.#probe);
    for (const publisher of this.#publishers.values()) publisher.stop(stopped());
    await Promise.all([...this.#subscriptions.values()].map((subscription) => subscription.close()));
    await this.#processes.stop();
    await this.#topology.client.close().catch(() => {});
  }

  publish(message: OutgoingMessage): Promise<void> {
    return this.#publisherOf(message.topic).publish(message);
  }

  open({ topic, group, partition }: Place, receiver: PartitionReceiver): Promise<OpenPartition> {
    const name = this.#topology.names.subscription(topic, group);
    let subscription = this.#subscriptions.get(name);
    if (!subscription) {
      const ensure = () => ensureGroup(this.#topology, topic, group);
      const { partitions, log } = this.#options;
      subscription = new GroupSubscription({
        client: this.#topology.client,
        name,
        partitions,
        ensure,
        log,
        stumbled: this.#stumbled,
      });
      this.#subscriptions.set(name, subscription);
    }
    return subscription.open(partition, receiver);
  }

  ask(address: Address, question: Buffer, { timeoutMs }: { timeoutMs: number }): Promise<Uint8Array> {
    return this.#processes.ask(address, question, timeoutMs);
  }

  answer(address: Address, responder: (question: Uint8Array) => Promise<Buffer>): Promise<Closing> {
    return this.#processes.answer(address, responder);
  }

  broadcast(channel: string, content: Buffer): void {
    this.#processes.broadcast(channel, content);
  }

  listen(channel: string, listener: (content: Uint8Array) => void): Promise<Closing> {
    return this.#processes.listen(channel, listener);
  }

  health(): BusHealth {
    return this.#state.health();
  }

  #publisherOf(topic: Topic): PartitionPublisher {
    const known = this.#publishers.get(topic);
    if (known) return known;
    const publisher = new PartitionPublisher({
      client: this.#topology.client,
      topic: this.#topology.names.topic(topic),
      deadlines: this.#deadlines,
      succeeded: this.#succeeded,
      failed: this.#failed,
    });
    this.#publishers.set(topic, publisher);
    return publisher;
  }

  readonly #succeeded = (): void => {
    if (this.#state.isConnected || !this.#events) return;
    this.#state.back();
    this.#events.connected();
  };

  /** A stream ended. Pub/Sub does that now and then, so this alone says nothing; whether it is there, the next call says. */
  readonly #stumbled = (): void => this.#probeSoon();

  #probeSoon(): void {
    if (this.#probe || !this.#events) return;
    this.#probe = setTimeout(() => {
      this.#probe = undefined;
      void this.#processes.saySelf();
    }, PROBE_MS);
  }

  readonly #failed = (error: unknown): void => {
    this.#state.lost(wordsOf(error));
    this.#probeSoon();
  };
}
