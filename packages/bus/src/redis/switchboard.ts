import type { Redis } from 'ioredis';
import type { ConnectionState } from '../broker/connection-state.ts';
import { PendingReplies, unanswered } from '../broker/pending-replies.ts';
import type { Address, Closing } from '../broker/transport.ts';
import { BusError } from '../bus.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { Keys } from './keys.ts';
import { runScript } from './redis-client.ts';
import { ask, register } from './scripts.ts';

export interface SwitchboardOptions {
  commands: Redis;
  subscriber: Redis;
  keys: Keys;
  /** Unique to this process and start. */
  instance: string;
  mirror: boolean;
  state: ConnectionState;
}

type Responder = (question: Uint8Array) => Promise<Buffer>;

const REGISTER_EVERY_MS = 2000;
const SUBSCRIBE_WITHIN_MS = 10_000;
const MIRRORED = 'MessagesOut';

/**
 * Questions, answers and broadcasts over pub/sub. Who answers at an address is in a set; whose channel has no
 * subscriber any more is taken out of it by whoever asks.
 */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #deadlines = new Deadlines(() => {});
  readonly #replies = new PendingReplies<Uint8Array>(this.#deadlines);
  readonly #repliesChannel: string;
  readonly #addresses = new Map<string, { address: Address; responder: Responder }>();
  readonly #listeners = new Map<string, (content: Uint8Array) => void>();
  #asked = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.#repliesChannel = options.keys.replies(options.instance);
    options.subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => this.#heard(`${channel}`, message));
  }

  /** Subscribes to everything that is wanted. After each connect. */
  async connected(): Promise<void> {
    const channels = [this.#repliesChannel, ...this.#addresses.keys(), ...this.#listeners.keys()];
    await this.#options.subscriber.subscribe(...channels);
    await this.#registerAll();
    // The sets may be lost while connections are not: FLUSHALL.
    this.#timer ??= setInterval(() => void this.#registerAll().catch(() => {}), REGISTER_EVERY_MS);
  }

  lost(): void {
    this.#replies.rejectAll(new BusError('Timeout', 'the connection to Redis was lost before an answer came'));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#deadlines.expireAll();
  }

  async ask(address: Address, question: Buffer, { timeoutMs }: { timeoutMs: number }): Promise<Uint8Array> {
    const { commands, keys, mirror, state } = this.#options;
    const what = `${address.kind} ${address.name}`;
    if (!state.isConnected) throw new BusError('NobodyThere', state.health().reason ?? 'Redis is away');
    const { number, promise } = this.#replies.add(timeoutMs, () => unanswered(what, timeoutMs));
    promise.catch(() => {});
    const frame = Buffer.concat([Buffer.from(`${number} ${this.#repliesChannel}\n`), question]);
    const copy = mirror && address.kind === 'node' ? [MIRRORED, question] : ['', ''];
    try {
      const isTaken = await runScript(commands, ask, [keys.answering(address)], [this.#asked++, frame, ...copy]);
      if (isTaken !== 1) this.#replies.reject(number, new BusError('NobodyThere', `${what} is not there`));
    } catch (error) {
      // It may have got there.
      this.#replies.reject(number, new BusError('Timeout', `Redis did not confirm: ${reasonOf(error)}`));
    }
    return promise;
  }

  async answer(address: Address, responder: Responder): Promise<Closing> {
    const channel = this.#options.keys.question(address, this.#options.instance);
    this.#addresses.set(channel, { address, responder });
    try {
      await this.#subscribe(channel);
      await this.#register(channel, address);
    } catch (error) {
      this.#addresses.delete(channel);
      throw error;
    }
    return {
      close: async () => {
        this.#addresses.delete(channel);
        const { commands, subscriber, keys } = this.#options;
        await Promise.allSettled([commands.srem(keys.answering(address), channel), subscriber.unsubscribe(channel)]);
      },
    };
  }

  broadcast(name: string, content: Buffer): void {
    const { commands, keys } = this.#options;
    if (commands.status === 'ready') commands.publish(keys.live(name), content).catch(() => {});
  }

  async listen(name: string, listener: (content: Uint8Array) => void): Promise<Closing> {
    const channel = this.#options.keys.live(name);
    this.#listeners.set(channel, listener);
    try {
      await this.#subscribe(channel);
    } catch (error) {
      this.#listeners.delete(channel);
      throw error;
    }
    return {
      close: async () => {
        this.#listeners.delete(channel);
        await this.#options.subscriber.unsubscribe(channel).catch(() => {});
      },
    };
  }

  async #subscribe(channel: string): Promise<void> {
    const { state, subscriber } = this.#options;
    if (!(await state.whenConnected(SUBSCRIBE_WITHIN_MS))) throw new BusError('Timeout', `${state.health().reason}`);
    await subscriber.subscribe(channel);
  }

  async #registerAll(): Promise<void> {
    await Promise.all([...this.#addresses].map(([channel, { address }]) => this.#register(channel, address)));
  }

  async #register(channel: string, address: Address): Promise<void> {
    const { commands, keys } = this.#options;
    // A node that was started anew takes the place of the one before it.
    await runScript(commands, register, [keys.answering(address)], [channel, address.kind === 'node' ? '1' : '']);
  }

  #heard(channel: string, message: Buffer): void {
    if (channel === this.#repliesChannel) this.#heardReply(message);
    this.#listeners.get(channel)?.(message);
    const found = this.#addresses.get(channel);
    if (found !== undefined) void this.#reply(message, found.responder);
  }

  #heardReply(message: Buffer): void {
    const { head, body } = split(message);
    this.#replies.resolve(Number(head), body);
  }

  async #reply(message: Buffer, responder: Responder): Promise<void> {
    const { head, body } = split(message);
    const [number = '', channel = ''] = head.split(' ', 2);
    const answer = await responder(body);
    // When it does not get there, whoever asked has a timeout.
    await this.#options.commands.publish(channel, Buffer.concat([Buffer.from(`${number}\n`), answer])).catch(() => {});
  }
}

function split(message: Buffer): { head: string; body: Buffer } {
  const end = message.indexOf(0x0a);
  return { head: message.subarray(0, end).toString(), body: message.subarray(end + 1) };
}
