import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
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
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { GroupReader } from './group-reader.ts';
import { Keys } from './keys.ts';
import { checkServer, createGroup, createStreams, type PrepareOptions, warnOfOtherGroups } from './prepare.ts';
import { Publisher } from './publisher.ts';
import { createRedisClient, placeOf, runScript, unreachable } from './redis-client.ts';
import { compareAndSet, publish } from './scripts.ts';
import { Switchboard } from './switchboard.ts';

export interface RedisTransportOptions {
  /** redis(s)://user:password@host:port/database */
  url: string;
  /** Begins the names of everything on Redis. */
  name: string;
  node: string;
  groups: TopicGroups;
  partitions: number;
  maxStreamLength: number;
  mirror: boolean;
  log: BusLog | undefined;
}

const STOP_WITHIN_MS = 1000;

/** Redis Streams: a stream for each topic and partition, read by consumer groups; pub/sub for all else. */
export class RedisTransport implements Transport {
  readonly name = 'Redis';
  readonly assignment: AssignmentStore;
  readonly #options: RedisTransportOptions;
  readonly #keys: Keys;
  readonly #consumer: string;
  readonly #state: ConnectionState;
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #publisher: Publisher;
  readonly #acknowledgements: Acknowledgements;
  readonly #switchboard: Switchboard;
  readonly #readers = new Map<string, GroupReader>();
  #events: TransportEvents | undefined;
  #lastError = '';
  #resuming = false;
  #isStopped = false;

  constructor(options: RedisTransportOptions) {
    const { url, name, node, maxStreamLength, mirror, log } = options;
    this.#options = options;
    this.#keys = new Keys(name);
    this.#consumer = `${node}-${randomUUID().slice(0, 8)}`;
    this.#state = new ConnectionState(`Redis (${placeOf(url)})`, log);
    this.#commands = this.#createClient('bus');
    this.#subscriber = this.#createClient('bus-subscriber');
    this.#acknowledgements = new Acknowledgements(this.#commands);
    this.#publisher = new Publisher({
      redis: this.#commands,
      keys: this.#keys,
      maxStreamLength,
      mirror,
      streamGone: () => this.#emptied(),
    });
    this.#switchboard = new Switchboard({
      commands: this.#commands,
      subscriber: this.#subscriber,
      keys: this.#keys,
      instance: this.#consumer,
      mirror,
      state: this.#state,
    });
    this.assignment = this.#createAssignmentStore();
  }

  async start(events: TransportEvents): Promise<void> {
    this.#events = events;
    try {
      await Promise.all([this.#commands.connect(), this.#subscriber.connect()]);
    } catch (error) {
      throw new Error(this.#unreachable(error));
    }
    const preparing = this.#prepareOptions();
    await checkServer(preparing);
    await createStreams(preparing);
    await warnOfOtherGroups(preparing);
    await this.#commands.script('LOAD', publish.lua);
    await this.#switchboard.connected();
    this.#acknowledgements.start();
    this.#state.back();
    for (const client of [this.#commands, this.#subscriber]) {
      client.on('close', () => this.#lost());
      client.on('ready', () => void this.#resume());
    }
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#switchboard.stop();
    const flushed = this.#acknowledgements.flushed();
    await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())]);
    this.#acknowledgements.stop();
    await Promise.all([...this.#readers.values()].map((reader) => reader.stop()));
    this.#commands.disconnect();
    this.#subscriber.disconnect();
  }

  publish(message: OutgoingMessage): Promise<void> {
    if (!this.#state.isConnected)
      return Promise.reject(new TryAgainError(this.#state.health().reason ?? 'Redis is away'));
    return this.#publisher.publish(message);
  }

  async open(place: Place, receiver: PartitionReceiver): Promise<OpenPartition> {
    if (!this.#state.isConnected) throw new Error(this.#state.health().reason);
    const stream = this.#keys.stream(place);
    await createGroup(this.#commands, stream, place.group);
    return this.#readerOf(place).open(stream, receiver);
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

  #readerOf({ topic, group }: Place): GroupReader {
    const key = `${topic}/${group}`;
    let reader = this.#readers.get(key);
    if (reader === undefined) {
      const redis = this.#createClient(`bus-${key}`);
      reader = new GroupReader({
        group,
        consumer: this.#consumer,
        redis,
        commands: this.#commands,
        acknowledgements: this.#acknowledgements,
      });
      this.#readers.set(key, reader);
      // It is made again for ever; the loop of the reader waits for it.
      redis.connect().catch(() => {});
    }
    return reader;
  }

  #createClient(purpose: string): Redis {
    const client = createRedisClient(this.#options.url, `${this.#options.name}-${purpose}`);
    client.on('error', (error) => {
      this.#lastError = reasonOf(error);
    });
    return client;
  }

  #prepareOptions(): PrepareOptions {
    const { groups, partitions, url, log } = this.#options;
    return { redis: this.#commands, keys: this.#keys, groups, partitions, place: placeOf(url), log };
  }

  #unreachable(error: unknown): string {
    return unreachable(this.#options.url, this.#lastError || reasonOf(error));
  }

  #lost(): void {
    if (this.#isStopped) return;
    this.#state.lost(this.#lastError || 'the connection was closed');
    this.#switchboard.lost();
    for (const reader of this.#readers.values()) reader.loseAll('the connection to Redis was lost');
  }

  /** Both connections are there again: everything is as it was. */
  async #resume(): Promise<void> {
    if (this.#resuming || this.#isStopped) return;
    if (this.#commands.status !== 'ready' || this.#subscriber.status !== 'ready') return;
    this.#resuming = true;
    try {
      await this.#commands.script('LOAD', publish.lua);
      await createStreams(this.#prepareOptions());
      await this.#switchboard.connected();
      this.#lastError = '';
      this.#state.back();
      this.#events?.connected();
    } catch (error) {
      this.#lastError = reasonOf(error);
      // Not usable as it is: begun anew, with a pause.
      this.#commands.disconnect(true);
    } finally {
      this.#resuming = false;
    }
  }

  /** FLUSHALL, or a restart without its files. */
  #emptied(): void {
    if (this.#resuming) return;
    this.#options.log?.error(
      { redis: placeOf(this.#options.url) },
      'Redis was emptied: messages that were stored and not handled yet are lost; the streams are made anew',
    );
    void this.#resume();
  }

  #createAssignmentStore(): AssignmentStore {
    return {
      read: async (key) => {
        const [value, revision] = await this.#commands.hmget(this.#keys.table(key), 'value', 'revision');
        return typeof value === 'string' && typeof revision === 'string' ? { value, revision } : undefined;
      },
      write: async (key, value, revision = '') => {
        const args = [revision, value, randomUUID()];
        return (await runScript(this.#commands, compareAndSet, [this.#keys.table(key)], args)) === 1;
      },
    };
  }
}
