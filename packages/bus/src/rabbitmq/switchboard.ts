import type { Channel, ChannelModel, ConsumeMessage, Message } from 'amqplib';
import type { ConnectionState } from '../broker/connection-state.ts';
import { PendingReplies, unanswered } from '../broker/pending-replies.ts';
import type { Address, Closing } from '../broker/transport.ts';
import { BusError } from '../bus.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { Names } from './names.ts';

export interface SwitchboardOptions {
  names: Names;
  state: ConnectionState;
}

interface Answering {
  address: Address;
  responder: (question: Uint8Array) => Promise<Buffer>;
  tag?: string;
}

interface Listening {
  name: string;
  listener: (content: Uint8Array) => void;
  tag?: string;
}

const WAIT_FOR_CONNECTION_MS = 10_000;
/** A queue of questions that nobody takes from any more, after a crash of RabbitMQ, goes by itself. */
const UNUSED_MS = 30_000;
const REPLIES = 'amq.rabbitmq.reply-to';
/** Questions that are with one who answers, and broadcasts that wait for a listener. */
const MOST_WAITING = 10_000;

/**
 * Questions with direct replies, and broadcasts. Who answers at an address takes from a queue of that name, which is
 * gone with the last of them: a question that no queue is there for comes back at once.
 */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #replies = new PendingReplies<Uint8Array>(new Deadlines(() => {}));
  readonly #answering = new Set<Answering>();
  readonly #listening = new Set<Listening>();
  #channel: Channel | undefined;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
  }

  /** On a new connection: everything that is wanted, again. */
  async up(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    // A mistake of one question closes the channel of all: made anew with the connection.
    channel.on('close', () => void connection.close().catch(() => {}));
    channel.on('return', (message: Message) => this.#returned(message));
    await channel.consume(REPLIES, (message) => this.#replied(message), { noAck: true });
    for (const one of this.#answering) await this.#startAnswering(channel, one);
    for (const one of this.#listening) await this.#startListening(channel, one);
    this.#channel = channel;
  }

  down(): void {
    this.#channel = undefined;
    this.#replies.rejectAll(new BusError('Timeout', 'the connection to RabbitMQ was lost before an answer came'));
  }

  stop(): void {
    this.#answering.clear();
    this.#listening.clear();
    this.#replies.rejectAll(new BusError('Stopped', 'the bus was stopped'));
  }

  ask(address: Address, question: Buffer, { timeoutMs }: { timeoutMs: number }): Promise<Uint8Array> {
    const { names, state } = this.#options;
    const what = `${address.kind} ${address.name}`;
    const channel = this.#channel;
    if (channel === undefined || !state.isConnected)
      return Promise.reject(new BusError('NobodyThere', state.health().reason ?? 'RabbitMQ is away'));
    const { number, promise } = this.#replies.add(timeoutMs, () => unanswered(what, timeoutMs));
    try {
      channel.publish('', names.question(address), question, {
        mandatory: true,
        replyTo: REPLIES,
        correlationId: String(number),
        // Whoever was paused answers nothing that nobody waits for any more.
        expiration: String(Math.max(1, Math.ceil(timeoutMs))),
      });
    } catch (error) {
      this.#replies.reject(number, new BusError('NobodyThere', reasonOf(error)));
    }
    return promise;
  }

  async answer(address: Address, responder: Answering['responder']): Promise<Closing> {
    const one: Answering = { address, responder };
    await this.#begin(this.#answering, one, (channel) => this.#startAnswering(channel, one));
    return { close: () => this.#end(this.#answering, one) };
  }

  broadcast(name: string, content: Buffer): void {
    try {
      this.#channel?.publish(this.#options.names.live, name, content);
    } catch {
      // Away: whoever listens now does not hear it.
    }
  }

  async listen(name: string, listener: Listening['listener']): Promise<Closing> {
    const one: Listening = { name, listener };
    await this.#begin(this.#listening, one, (channel) => this.#startListening(channel, one));
    return { close: () => this.#end(this.#listening, one) };
  }

  async #begin<One>(all: Set<One>, one: One, start: (channel: Channel) => Promise<void>): Promise<void> {
    const { state } = this.#options;
    if (!(await state.whenConnected(WAIT_FOR_CONNECTION_MS))) throw new BusError('Timeout', `${state.health().reason}`);
    const channel = this.#channel;
    if (channel === undefined) throw new BusError('Timeout', 'RabbitMQ is away');
    all.add(one);
    try {
      await start(channel);
    } catch (error) {
      all.delete(one);
      throw error;
    }
  }

  async #end<One extends { tag?: string }>(all: Set<One>, one: One): Promise<void> {
    all.delete(one);
    // Its queue goes with its last consumer.
    if (one.tag !== undefined) await this.#channel?.cancel(one.tag).catch(() => {});
  }

  async #startAnswering(channel: Channel, one: Answering): Promise<void> {
    const queue = this.#options.names.question(one.address);
    const options = {
      durable: true,
      autoDelete: true,
      arguments: { 'x-expires': UNUSED_MS, 'x-max-length': MOST_WAITING },
    };
    await channel.assertQueue(queue, options);
    const { consumerTag } = await channel.consume(queue, (message) => void this.#reply(channel, one, message), {
      noAck: true,
    });
    one.tag = consumerTag;
  }

  async #startListening(channel: Channel, one: Listening): Promise<void> {
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      autoDelete: true,
      arguments: { 'x-max-length': MOST_WAITING },
    });
    await channel.bindQueue(queue, this.#options.names.live, one.name);
    const hear = (message: ConsumeMessage | null) => {
      if (message !== null) one.listener(message.content);
    };
    one.tag = (await channel.consume(queue, hear, { noAck: true })).consumerTag;
  }

  async #reply(channel: Channel, { responder }: Answering, message: ConsumeMessage | null): Promise<void> {
    if (message === null) return;
    const { replyTo, correlationId } = message.properties;
    const answer = await responder(message.content);
    try {
      channel.sendToQueue(String(replyTo), answer, { correlationId: String(correlationId) });
    } catch {
      // The connection is gone: whoever asked has a timeout.
    }
  }

  #replied(message: ConsumeMessage | null): void {
    if (message !== null) this.#replies.resolve(Number(message.properties.correlationId), message.content);
  }

  #returned({ properties, fields }: Message): void {
    const words = `${fields.routingKey} is not there`;
    this.#replies.reject(Number(properties.correlationId), new BusError('NobodyThere', words));
  }
}
