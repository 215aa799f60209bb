import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { OpenPartition, PartitionReceiver } from '../broker/transport.ts';
import { reasonOf } from '../delivery/reasons.ts';
import { settledWithin } from '../delivery/waiting.ts';
import type { BusLog } from '../options.ts';

export interface PartitionConsumerOptions {
  connection: ChannelModel;
  queue: string;
  receiver: PartitionReceiver;
  log: BusLog | undefined;
}

/** Ids that are remembered: what was sent again because nobody knew whether it had arrived follows soon. */
const REMEMBERED_IDS = 2000;
const CLOSE_WITHIN_MS = 5000;
const EXCERPT_BYTES = 200;

/**
 * Consumes one queue on a channel of its own. Its end puts what was not acknowledged back into the queue, at its old
 * place, before the next consumer has its turn.
 */
export class PartitionConsumer implements OpenPartition {
  readonly #options: PartitionConsumerOptions;
  readonly #ids = new Set<string>();
  #channel: Channel | undefined;
  #isOver = false;
  #reason = 'the connection to RabbitMQ was lost';

  constructor(options: PartitionConsumerOptions) {
    this.#options = options;
  }

  /** Resolves when it consumes, or waits for its turn behind another consumer. */
  async open(): Promise<this> {
    const { connection, queue, receiver } = this.#options;
    const channel = await connection.createChannel();
    this.#channel = channel;
    channel.on('error', (error) => {
      this.#reason = reasonOf(error);
    });
    channel.on('close', () => this.#lost());
    try {
      await channel.prefetch(receiver.maxUnacknowledged);
      await channel.consume(queue, (message) => this.#take(message), { noAck: false });
    } catch (error) {
      this.#isOver = true;
      channel.close().catch(() => {});
      throw error;
    }
    return this;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    const { connection } = this.#options;
    try {
      await settledWithin(this.#channel?.close() ?? Promise.resolve(), CLOSE_WITHIN_MS);
    } catch (error) {
      // It is closed already, or its connection is.
      if (!/clos/i.test(reasonOf(error))) connection.close().catch(() => {});
    }
  }

  #take(message: ConsumeMessage | null): void {
    if (this.#isOver) return;
    if (message === null) {
      this.#reason = 'the queue was deleted';
      this.#lost();
      return;
    }
    const id: unknown = message.properties.messageId;
    if (typeof id !== 'string' || !isJsonObject(message.content)) {
      this.#setAside(message);
    } else if (this.#ids.has(id)) {
      // Its first copy is handled, or will be: both came in this tenure.
      this.#acknowledge(message);
    } else {
      this.#remember(id);
      this.#options.receiver.deliver(message.content, () => this.#acknowledge(message));
    }
  }

  #remember(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= REMEMBERED_IDS) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }

  #acknowledge(message: ConsumeMessage): void {
    if (this.#isOver) return;
    try {
      this.#channel?.ack(message);
    } catch {
      // The channel is gone: it comes again.
    }
  }

  /** To the queue of what can't be read. */
  #setAside(message: ConsumeMessage): void {
    const { queue, log } = this.#options;
    const text = message.content.subarray(0, EXCERPT_BYTES).toString();
    log?.error(
      { queue, text },
      'A message on RabbitMQ is no envelope and is set aside in the queue of the dead; find out who writes there',
    );
    try {
      this.#channel?.nack(message, false, false);
    } catch {
      // It comes again.
    }
  }

  #lost(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.receiver.lost(this.#reason);
  }
}

function isJsonObject(content: Buffer): boolean {
  return content[0] === 0x7b && content.at(-1) === 0x7d;
}
