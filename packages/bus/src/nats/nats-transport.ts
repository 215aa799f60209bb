import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { unanswered } from '../broker/pending-replies.ts';
import {
  type Address,
  type Closing,
  type OpenPartition,
  type OutgoingMessage,
  type PartitionReceiver,
  type Place,
  type Transport,
  type TransportEvents,
  TryAgainError,
} from '../broker/transport.ts';
import { BusError, type BusHealth } from '../bus.ts';
import type { BusLog } from '../options.ts';
import { KeyValueAssignment } from './key-value-assignment.ts';
import { type LinkEvents, NatsLink } from './link.ts';
import { NatsNames } from './names.ts';
import type { NatsOptions } from './nats-options.ts';
import { PartitionConsumer } from './partition-consumer.ts';
import { errorOfAnswer } from './publish-answer.ts';
import { ensureTopology, isNotFound, type TopologyOptions } from './topology.ts';
import { sayWhatIsDurable } from './what-is-durable.ts';

export interface NatsTransportOptions
  extends NatsOptions,
    Pick<TopologyOptions, 'groups' | 'partitions' | 'maxUnacknowledged' | 'duplicateWindowMs'> {
  log?: BusLog;
}

/** JetStream as a transport of the bus: docs/operations/nats.md. */
export class NatsTransport implements Transport {
  readonly name = 'NATS';
  readonly assignment: KeyValueAssignment;
  readonly #names: NatsNames;
  readonly #link: NatsLink;
  readonly #topology: TopologyOptions;
  readonly #open = new Set<PartitionConsumer>();
  #repairing: Promise<void> | undefined;
  #events: TransportEvents | undefined;

  constructor(options: NatsTransportOptions) {
    const names = new NatsNames(options.name);
    this.#names = names;
    this.assignment = new KeyValueAssignment(names.bucket, options.replicas);
    this.#topology = { ...options, nats: options, names, log: options.log };
    const prepare: LinkEvents['prepare'] = async (connection) => {
      await ensureTopology(connection, this.#topology);
      await this.assignment.use(connection);
    };
    const lost = (reason: string) => {
      for (const consumer of [...this.#open]) consumer.lost(reason);
    };
    this.#link = new NatsLink(options, { prepare, connected: () => this.#events?.connected(), lost }, options.log);
  }

  async start(events: TransportEvents): Promise<void> {
    await this.#link.start();
    this.#events = events;
    sayWhatIsDurable(this.#link.connection?.info?.version ?? '', this.#topology);
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }

  async publish({ topic, partition, id, body, expiresAt }: OutgoingMessage): Promise<void> {
    this.#refuseTooLarge(body);
    const marks = headers();
    marks.set('Nats-Msg-Id', id);
    const timeoutMs = expiresAt - performance.now();
    const late = () => new TryAgainError('it did not confirm in time');
    const subject = this.#names.subject(topic, partition);
    const answer = await this.#link.request(subject, body, { timeoutMs, headers: marks, late });
    const error = errorOfAnswer(answer);
    if (error) throw error;
  }

  async open(place: Place, receiver: PartitionReceiver): Promise<OpenPartition> {
    const { connection } = this.#link;
    if (!connection) throw new TryAgainError(this.health().reason ?? 'NATS is away');
    const consumer = this.#createConsumer(connection, place, receiver);
    try {
      await consumer.open();
      return consumer;
    } catch (error) {
      await consumer.close();
      if (isNotFound(error)) await this.#repair(connection, place);
      throw error;
    }
  }

  #createConsumer(connection: NatsConnection, place: Place, receiver: PartitionReceiver): PartitionConsumer {
    const stream = this.#names.stream(place.topic);
    const consumer = this.#names.consumer(place);
    const ended = (over: PartitionConsumer) => this.#open.delete(over);
    const { log } = this.#topology;
    const created = new PartitionConsumer({ connection, stream, consumer, receiver, log, ended });
    this.#open.add(created);
    return created;
  }

  /** Somebody deleted a stream or consumers. */
  #repair(connection: NatsConnection, { topic, group, partition }: Place): Promise<void> {
    if (this.#repairing) return this.#repairing;
    this.#topology.log?.error(
      { topic, group, partition },
      'A consumer or stream was deleted on NATS and is made again; what it had not delivered is lost to its group',
    );
    this.#repairing = ensureTopology(connection, this.#topology).finally(() => {
      this.#repairing = undefined;
    });
    return this.#repairing;
  }

  async ask(address: Address, question: Buffer, { timeoutMs }: { timeoutMs: number }): Promise<Uint8Array> {
    this.#refuseTooLarge(question);
    const what = `the ${address.kind} ${address.name}`;
    const until = performance.now() + timeoutMs;
    const late = () => unanswered(what, timeoutMs);
    if (!(await this.#link.state.whenConnected(timeoutMs))) {
      throw new BusError('Timeout', `${what} cannot be asked: ${this.health().reason}`);
    }
    try {
      const left = until - performance.now();
      const answer = await this.#link.request(this.#names.address(address), question, { timeoutMs: left, late });
      if (isNobodyThere(answer)) throw new BusError('NobodyThere', `nobody is there for ${what}`);
      return answer.data;
    } catch (error) {
      // It may have been asked, or not: asking again is for the asker to decide.
      throw error instanceof TryAgainError ? new BusError('Timeout', `${what}: ${error.message}`) : error;
    }
  }

  answer(address: Address, responder: (question: Uint8Array) => Promise<Buffer>): Promise<Closing> {
    // In a queue group one of several is asked; a node is one.
    const queue = address.kind === 'node' ? undefined : 'one-of-us';
    return this.#link.subscribe(this.#names.address(address), queue, (message) => {
      void responder(message.data).then((answer) => {
        if (message.reply !== undefined) this.#link.publish(message.reply, answer);
      });
    });
  }

  broadcast(channel: string, content: Buffer): void {
    this.#link.publish(this.#names.channel(channel), content);
  }

  listen(channel: string, listener: (content: Uint8Array) => void): Promise<Closing> {
    return this.#link.subscribe(this.#names.channel(channel), undefined, ({ data }) => listener(data));
  }

  health(): BusHealth {
    return this.#link.state.health();
  }

  /** The server would close the connection. */
  #refuseTooLarge({ length }: Buffer): void {
    const most = this.#link.connection?.info?.max_payload;
    if (most === undefined || length + HEADER_BYTES <= most) return;
    throw new BusError(
      'Refused',
      `it has ${length} bytes and NATS takes ${most}: raise max_payload in nats-server.conf`,
    );
  }
}

/** More than the headers take. */
const HEADER_BYTES = 256;

/** The server's own answer when nobody subscribes. */
function isNobodyThere({ data, headers }: Msg): boolean {
  return data.length === 0 && headers?.code === 503;
}
