import { randomUUID } from 'node:crypto';
import type { ChannelModel, ConfirmChannel, GetMessage } from 'amqplib';
import type { AssignmentStore } from '../broker/transport.ts';
import { sleep } from '../delivery/waiting.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';

interface Entry {
  /** Counts up, so that of two the newer is known. */
  number: number;
  revision: string;
  value: string;
}

interface Register {
  current: Entry | undefined;
  /** Puts an entry in the place of what is there, and resolves when RabbitMQ has it. */
  replace(entry: Entry): Promise<void>;
}

const LOCK_WITHIN_MS = 3000;
const LONGEST_PAUSE_MS = 30;
const NOT_CONNECTED_MS = 500;

/**
 * Small texts with compare-and-set, of what RabbitMQ has: a queue that holds one message is the register; an exclusive
 * queue, which one connection can have at a time and which ends with it, is its lock. A holder that RabbitMQ has given
 * up (it was paused) can do nothing more on that connection, so whatever it still wants to write is not written.
 */
export class Registry implements AssignmentStore {
  readonly #link: Link;
  readonly #names: Names;
  /** An exclusive queue excludes other connections, and not this one. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(link: Link, names: Names) {
    this.#link = link;
    this.#names = names;
  }

  read(key: string): Promise<{ value: string; revision: string } | undefined> {
    return this.#locked(key, async ({ current, replace }) => {
      if (current === undefined) return undefined;
      // It was taken out to be read.
      await replace(current);
      return { value: current.value, revision: current.revision };
    });
  }

  write(key: string, value: string, revision: string | undefined): Promise<boolean> {
    return this.#locked(key, async ({ current, replace }) => {
      const isAsExpected = current?.revision === revision;
      const number = (current?.number ?? 0) + 1;
      if (isAsExpected) await replace({ number, revision: randomUUID(), value });
      else if (current !== undefined) await replace(current);
      return isAsExpected;
    });
  }

  #locked<Result>(key: string, work: (register: Register) => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(() => this.#withLock(key, work));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #withLock<Result>(key: string, work: (register: Register) => Promise<Result>): Promise<Result> {
    const until = performance.now() + LOCK_WITHIN_MS;
    const connection = await this.#link.whenUp(NOT_CONNECTED_MS);
    if (connection === undefined) throw new Error(`RabbitMQ is away: ${this.#link.lastReason}`);
    for (;;) {
      const channel = await lock(connection, this.#names.lock(key));
      if (channel !== undefined) return this.#useAndUnlock(channel, key, work);
      if (performance.now() > until) throw new Error(`${key} is locked by another process for too long`);
      await sleep(1 + Math.random() * LONGEST_PAUSE_MS);
    }
  }

  async #useAndUnlock<Result>(
    channel: ConfirmChannel,
    key: string,
    work: (register: Register) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work(await openRegister(channel, this.#names.register(key)));
    } finally {
      try {
        await channel.deleteQueue(this.#names.lock(key));
        await channel.close();
      } catch {
        // It ended with the connection; or the next holder waits until it does.
        if (this.#link.connection) this.#link.renew();
      }
    }
  }
}

/** A channel whose connection has the lock; undefined: another connection has it. */
async function lock(connection: ChannelModel, name: string): Promise<ConfirmChannel | undefined> {
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
  try {
    await channel.assertQueue(name, { exclusive: true, durable: false });
    return channel;
  } catch (error) {
    channel.close().catch(() => {});
    if (error instanceof Error && 'code' in error && error.code === 405) return undefined;
    throw error;
  }
}

async function openRegister(channel: ConfirmChannel, queue: string): Promise<Register> {
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  const taken: GetMessage[] = [];
  // A holder that died between writing and taking out left two.
  for (let message = await channel.get(queue); message !== false; message = await channel.get(queue))
    taken.push(message);
  const entries = taken.map(({ content }) => JSON.parse(content.toString()) as Entry);
  const current = entries.toSorted((one, other) => other.number - one.number)[0];
  return {
    current,
    async replace(entry) {
      await new Promise<void>((resolve, reject) => {
        const options = { persistent: true };
        channel.sendToQueue(queue, Buffer.from(JSON.stringify(entry)), options, (error) =>
          error ? reject(error) : resolve(),
        );
      });
      for (const message of taken) channel.ack(message);
    },
  };
}
