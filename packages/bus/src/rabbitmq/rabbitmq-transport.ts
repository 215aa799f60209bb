import type { ChannelModel } from 'amqplib';
import { ConnectionState } from '../broker/connection-state.ts';
import {
  type Address,
  type AssignmentStore,
  type Closing,
  type OpenPartition,
  type OutgoingMessage,
  type PartitionReceiver,
  type Place,
  type Transport,
  type TransportEvents,
  TryAgainError,
} from '../broker/transport.ts';
import type { BusHealth, TopicGroups } from '../bus.ts';
import type { BusLog } from '../options.ts';
import { Link, placeOf } from './link.ts';
import { Names } from './names.ts';
import { PartitionConsumer } from './partition-consumer.ts';
import { Publisher } from './publisher.ts';
import { Registry } from './registry.ts';
import { Switchboard } from './switchboard.ts';
import { checkPartitions, checkVersion, createTopology, setupProblem, type TopologyOptions } from './topology.ts';

export interface RabbitmqTransportOptions {
  /** amqp(s)://user:password@host:port/vhost */
  url: string;
  /** Begins the names of everything on RabbitMQ. */
  name: string;
  node: string;
  groups: TopicGroups;
  partitions: number;
  maxBytes: number;
  log: BusLog | undefined;
}

const OPEN_WITHIN_MS = 5000;
const STOP_WITHIN_MS = 1000;
/** Each is a process and a log of its own in RabbitMQ. */
const MANY_QUEUES = 1000;

/**
 * RabbitMQ: a quorum queue for each topic, group and partition. The members of a group share the partitions out
 * (registry.ts); single active consumers see to it that two never have one at once, whatever they believe.
 */
export class RabbitmqTransport implements Transport {
  readonly name = 'RabbitMQ';
  readonly assignment: AssignmentStore;
  readonly #options: RabbitmqTransportOptions;
  readonly #names: Names;
  readonly #topology: TopologyOptions;
  readonly #state: ConnectionState;
  readonly #main: Link;
  readonly #registryLink: Link;
  readonly #consuming = new Map<string, Link>();
  readonly #publisher: Publisher;
  readonly #switchboard: Switchboard;
  #events: TransportEvents | undefined;
  #isStarted = false;
  #isStopped = false;

  constructor(options: RabbitmqTransportOptions) {
    const { url, name, groups, partitions, maxBytes, log } = options;
    this.#options = options;
    this.#names = new Names(name);
    this.#topology = { names: this.#names, groups, partitions, maxBytes, log };
    this.#state = new ConnectionState(`RabbitMQ (${placeOf(url)})`, log);
    this.#switchboard = new Switchboard({ names: this.#names, state: this.#state });
    this.#main = this.#createLink('bus', {
      up: (connection) => this.#up(connection),
      down: (reason) => this.#down(reason),
    });
    this.#publisher = new Publisher({ names: this.#names, unroutable: () => this.#main.renew() });
    this.#registryLink = this.#createLink('bus-registry');
    this.assignment = new Registry(this.#registryLink, this.#names);
  }

  async start(events: TransportEvents): Promise<void> {
    this.#events = events;
    this.#warnOfManyQueues();
    try {
      await this.#main.start();
      await this.#registryLink.start();
    } catch (error) {
      throw setupProblem(error, placeOf(this.#options.url));
    }
    this.#isStarted = true;
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#switchboard.stop();
    const links = [...this.#consuming.values(), this.#registryLink, this.#main];
    await Promise.all(links.map((link) => link.stop(STOP_WITHIN_MS)));
  }

  publish(message: OutgoingMessage): Promise<void> {
    if (!this.#state.isConnected)
      return Promise.reject(new TryAgainError(this.#state.health().reason ?? 'RabbitMQ is away'));
    return this.#publisher.publish(message);
  }

  async open(place: Place, receiver: PartitionReceiver): Promise<OpenPartition> {
    const link = this.#linkOf(place);
    const connection = await link.whenUp(OPEN_WITHIN_MS);
    if (connection === undefined) throw new Error(`RabbitMQ is away: ${link.lastReason}`);
    const queue = this.#names.queue(place);
    return new PartitionConsumer({ connection, queue, receiver, log: this.#options.log }).open();
  }

  ask(address: Address, question: Buffer, options: { timeoutMs: number }): Promise<Uint8Array> {
    return this.#switchboard.ask(address, question, options);
  }

  answer(address: Address, responder: (question: Uint8Array) => Promise<Buffer>): Promise<Closing> {
    return this.#switchboard.answer(address, responder);
  }

  broadcast(channel: string, content: Buffer): void {
    this.#switchboard.broadcast(channel, content);
  }

  listen(channel: string, listener: (content: Uint8Array) => void): Promise<Closing> {
    return this.#switchboard.listen(channel, listener);
  }

  health(): BusHealth {
    return this.#state.health();
  }

  /** A connection for each group: a channel for each of up to 1024 partitions is about what one may have. */
  #linkOf({ topic, group }: Place): Link {
    const key = `${topic}/${group}`;
    let link = this.#consuming.get(key);
    if (link === undefined) {
      link = this.#createLink(`bus-${key}`);
      this.#consuming.set(key, link);
      link.keepUp();
    }
    return link;
  }

  /** One that is lost is lost with its channels, and they tell whom it concerns. */
  #createLink(purpose: string, { up = async () => {}, down = () => {} }: Partial<LinkEvents> = {}): Link {
    const { url, name, node } = this.#options;
    return new Link({ url, name: `${node} ${name}-${purpose}`, up, down });
  }

  async #up(connection: ChannelModel): Promise<void> {
    if (!this.#isStarted) {
      checkVersion(connection);
      await checkPartitions(connection, this.#topology);
    }
    await createTopology(connection, this.#topology);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    channel.on('close', () => void connection.close().catch(() => {}));
    this.#publisher.up(channel);
    await this.#switchboard.up(connection);
    connection.on('blocked', (reason) => {
      this.#state.lost(
        `it takes nothing now, ${reason}: see its memory (vm_memory_high_watermark) and disk (disk_free_limit)`,
      );
    });
    connection.on('unblocked', () => this.#back());
    this.#back();
  }

  #back(): void {
    this.#state.back();
    if (this.#isStarted) this.#events?.connected();
  }

  #down(reason: string): void {
    this.#publisher.down();
    this.#switchboard.down();
    if (!this.#isStopped) this.#state.lost(reason);
  }

  #warnOfManyQueues(): void {
    const { groups, partitions, log } = this.#options;
    const queues = partitions * Object.values(groups).reduce((count, names) => count + names.length, 0);
    if (queues <= MANY_QUEUES) return;
    log?.warn(
      { queues, partitions },
      'There are many quorum queues, which RabbitMQ pays for with memory and at each start: 8 to 32 partitions (bus.partitions) are enough for most',
    );
  }
}

interface LinkEvents {
  up(connection: ChannelModel): Promise<void>;
  down(reason: string): void;
}
