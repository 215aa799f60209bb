import type { Subscription } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import type { Closing, Transport } from './transport.ts';

type Listener = (content: unknown) => void;

interface Channel {
  listeners: Set<Listener>;
  opened: Promise<Closing>;
}

/** Live broadcasts: one subscription on the broker for each channel that somebody here listens to. */
export class Channels {
  readonly #transport: Transport;
  readonly #log: BusLog | undefined;
  readonly #channels = new Map<string, Channel>();

  constructor(transport: Transport, log: BusLog | undefined) {
    this.#transport = transport;
    this.#log = log;
  }

  broadcast(name: string, content: unknown): void {
    try {
      this.#transport.broadcast(name, Buffer.from(JSON.stringify(content) ?? 'null'));
    } catch (error) {
      this.#log?.error(
        { channel: name, reason: reasonOf(error) },
        'Broadcast cannot be written as JSON; it is dropped',
      );
    }
  }

  async listen(name: string, listener: Listener): Promise<Subscription> {
    // A function of its own, so that one that listens twice is two.
    const own: Listener = (content) => listener(content);
    const channel = this.#channelOf(name);
    channel.listeners.add(own);
    try {
      await channel.opened;
    } catch (error) {
      await this.#remove(name, channel, own);
      throw error;
    }
    return { close: () => this.#remove(name, channel, own) };
  }

  stop(): void {
    for (const { listeners } of this.#channels.values()) listeners.clear();
    this.#channels.clear();
  }

  #channelOf(name: string): Channel {
    const known = this.#channels.get(name);
    if (known) return known;
    const listeners = new Set<Listener>();
    const opened = this.#transport.listen(name, (content) => this.#tell(name, listeners, content));
    const channel = { listeners, opened };
    this.#channels.set(name, channel);
    return channel;
  }

  async #remove(name: string, channel: Channel, listener: Listener): Promise<void> {
    if (!channel.listeners.delete(listener) || channel.listeners.size > 0) return;
    if (this.#channels.get(name) === channel) this.#channels.delete(name);
    try {
      await (await channel.opened).close();
    } catch {
      // It was never open.
    }
  }

  /** Each listener gets a copy of its own. */
  #tell(channel: string, listeners: ReadonlySet<Listener>, bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    for (const listener of listeners) {
      try {
        listener(JSON.parse(text));
      } catch (error) {
        this.#log?.error({ channel, reason: reasonOf(error) }, 'A listener failed; the others go on');
      }
    }
  }
}
