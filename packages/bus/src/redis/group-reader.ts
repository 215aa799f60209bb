import type { Redis } from 'ioredis';
import type { OpenPartition, PartitionReceiver } from '../broker/transport.ts';
import { reasonOf } from '../delivery/reasons.ts';
import { sleep } from '../delivery/waiting.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { isReplyError, runScript } from './redis-client.ts';
import { forgetConsumers } from './scripts.ts';

export interface GroupReaderOptions {
  group: string;
  /** The name of this process among the consumers of the group. */
  consumer: string;
  /** A connection of its own: it stands still while nothing comes. */
  redis: Redis;
  /** Another one, for what must not stand still. */
  commands: Redis;
  acknowledgements: Acknowledgements;
}

/** Of one blocking read. A lease that ends earlier shortens it. */
const LONGEST_BLOCK_MS = 2000;
/** Redis may begin to wait some time after it was asked to. */
const LEASE_MARGIN_MS = 200;
const PAUSE_MS = 20;
const CHECK_EVERY_MS = 5000;

/** One partition that is read: first what earlier consumers left pending, then what is new. */
class Reading {
  readonly stream: string;
  readonly receiver: PartitionReceiver;
  /** Of the walk over what is pending; undefined: that is done. */
  pendingFrom: string | undefined = '0-0';
  unacknowledged = 0;
  isOver = false;

  constructor(stream: string, receiver: PartitionReceiver) {
    this.stream = stream;
    this.receiver = receiver;
  }

  get room(): number {
    return this.receiver.maxUnacknowledged - this.unacknowledged;
  }

  /** Small rooms are not worth a read of their own. */
  get hasRoom(): boolean {
    return this.room >= Math.max(1, Math.floor(this.receiver.maxUnacknowledged / 4));
  }

  get leaseMs(): number {
    return this.receiver.leaseEndsAt() - performance.now() - LEASE_MARGIN_MS;
  }
}

type Entry = [id: Buffer, fields: Buffer[] | null];

/** Reads the partitions of one group that this process has, all with one call at a time. */
export class GroupReader {
  readonly #options: GroupReaderOptions;
  readonly #readings = new Set<Reading>();
  #clientId: number | undefined;
  #reading: Promise<void> | undefined;
  /** What the blocking call under way asks for. */
  #asked: ReadonlySet<Reading> | undefined;
  #wake: (() => void) | undefined;
  #checkedAt = performance.now();
  #isStopped = false;

  constructor(options: GroupReaderOptions) {
    this.#options = options;
    options.redis.on('close', () => {
      this.#clientId = undefined;
      this.loseAll('the connection was lost');
    });
  }

  /** The stream and the group are there. */
  open(stream: string, receiver: PartitionReceiver): OpenPartition {
    const reading = new Reading(stream, receiver);
    this.#readings.add(reading);
    this.#changed();
    this.#reading ??= this.#read();
    return { close: () => this.#close(reading) };
  }

  loseAll(reason: string): void {
    for (const reading of [...this.#readings]) this.#lose(reading, reason);
  }

  /** Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#readings.clear();
    this.#wake?.();
    this.#options.redis.disconnect();
    await this.#reading;
  }

  async #close(reading: Reading): Promise<void> {
    reading.isOver = true;
    this.#readings.delete(reading);
    // What Redis gives to a call that is under way would be given to nobody.
    while (this.#asked?.has(reading)) {
      this.#unblock();
      await sleep(PAUSE_MS / 4);
    }
    await this.#options.acknowledgements.flushed();
  }

  #lose(reading: Reading, reason: string): void {
    reading.isOver = true;
    this.#readings.delete(reading);
    reading.receiver.lost(reason);
  }

  /** A partition was opened, or has room again: the next call asks for it, too. */
  #changed(): void {
    this.#wake?.();
    this.#unblock();
  }

  #unblock(): void {
    if (this.#asked === undefined || this.#clientId === undefined) return;
    this.#options.commands.client('UNBLOCK', this.#clientId).catch(() => {});
  }

  async #read(): Promise<void> {
    while (!this.#isStopped) {
      try {
        if (!(await this.#readOnce())) await this.#pause();
      } catch (error) {
        // Which partition it was about is not said: all begin anew, with what is pending.
        const reason = isReplyError(error, 'NOGROUP') ? 'Redis was emptied' : reasonOf(error);
        this.loseAll(reason);
        await sleep(PAUSE_MS);
      }
    }
  }

  /** Whether there was anything to be read. */
  async #readOnce(): Promise<boolean> {
    if (this.#readings.size === 0 || this.#options.redis.status !== 'ready') return false;
    this.#clientId ??= await this.#options.redis.client('ID');
    const withRoom = [...this.#readings].filter(({ hasRoom, leaseMs }) => hasRoom && leaseMs > 0);
    const claiming = withRoom.filter(({ pendingFrom }) => pendingFrom !== undefined);
    for (const reading of claiming) await this.#claimPending(reading);
    if (claiming.length > 0) return true;
    await this.#checkPending();
    if (withRoom.length === 0) return false;
    await this.#readNew(withRoom);
    return true;
  }

  /** Until something changes, or a lease may have been renewed. */
  async #pause(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, this.#readings.size === 0 ? LONGEST_BLOCK_MS : PAUSE_MS);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }

  /** What was given to consumers before, this one included, and not acknowledged: the oldest first. */
  async #claimPending(reading: Reading): Promise<void> {
    const { redis, group, consumer } = this.#options;
    const { stream, pendingFrom = '0-0', room } = reading;
    this.#asked = new Set([reading]);
    try {
      const [next, entries] = (await redis.callBuffer(
        'XAUTOCLAIM',
        stream,
        group,
        consumer,
        0,
        pendingFrom,
        'COUNT',
        room,
      )) as [Buffer, Entry[]];
      if (reading.isOver) return;
      reading.pendingFrom = next.toString() === '0-0' ? undefined : next.toString();
      this.#deliver(reading, entries);
      if (reading.pendingFrom === undefined) {
        runScript(this.#options.commands, forgetConsumers, [stream], [group, consumer]).catch(() => {});
      }
    } finally {
      this.#asked = undefined;
    }
  }

  async #readNew(readings: readonly Reading[]): Promise<void> {
    const { redis, group, consumer } = this.#options;
    const count = Math.min(...readings.map(({ room }) => room));
    const block = Math.max(1, Math.floor(Math.min(LONGEST_BLOCK_MS, ...readings.map(({ leaseMs }) => leaseMs))));
    const streams = readings.map(({ stream }) => stream);
    const byStream = new Map(readings.map((reading) => [reading.stream, reading]));
    this.#asked = new Set(readings);
    try {
      const found = (await redis.xreadgroupBuffer(
        'GROUP',
        group,
        consumer,
        'COUNT',
        count,
        'BLOCK',
        block,
        'STREAMS',
        ...streams,
        ...streams.map(() => '>'),
      )) as [Buffer, Entry[]][] | null;
      for (const [stream, entries] of found ?? []) {
        const reading = byStream.get(stream.toString());
        if (reading !== undefined && !reading.isOver) this.#deliver(reading, entries);
      }
    } finally {
      this.#asked = undefined;
    }
  }

  /**
   * A call of a consumer that was paused may have been given messages after this one had looked for what is pending.
   * Where Redis says that more is pending than is under way here, the partition begins anew.
   */
  async #checkPending(): Promise<void> {
    if (performance.now() - this.#checkedAt < CHECK_EVERY_MS) return;
    this.#checkedAt = performance.now();
    const { redis, group, acknowledgements } = this.#options;
    await acknowledgements.flushed();
    const live = [...this.#readings].filter(({ pendingFrom }) => pendingFrom === undefined);
    const underWay = live.map(({ unacknowledged }) => unacknowledged);
    const pending = await Promise.all(live.map(({ stream }) => redis.xpending(stream, group)));
    live.forEach((reading, index) => {
      const [count] = (pending[index] ?? []) as unknown[];
      if (!reading.isOver && Number(count ?? 0) > (underWay[index] ?? 0))
        this.#lose(reading, 'a consumer that was paused was given some of its messages');
    });
  }

  #deliver(reading: Reading, entries: readonly Entry[]): void {
    const { acknowledgements, group } = this.#options;
    for (const [idBytes, fields] of entries) {
      const id = idBytes.toString();
      reading.unacknowledged++;
      const acknowledge = () => {
        const hadRoom = reading.hasRoom;
        reading.unacknowledged--;
        acknowledgements.add(reading.stream, group, id);
        if (!hadRoom && reading.hasRoom && !this.#asked?.has(reading)) this.#changed();
      };
      // Deleted by hand, or of another shape: the bus says so, and goes on.
      reading.receiver.deliver(envelopeIn(fields), acknowledge);
    }
  }
}

function envelopeIn(fields: readonly Buffer[] | null): Buffer {
  for (let index = 0; index + 1 < (fields?.length ?? 0); index += 2) {
    if (fields?.[index]?.toString() === 'envelope') return fields[index + 1] ?? Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}
