import type { Subscription } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { decodeContent } from './wire.ts';

type Listener = (content: unknown) => void;

/** Who listens to broadcasts in this process. */
export class Listeners {
  readonly #byChannel = new Map<string, Set<Listener>>();
  readonly #log: BusLog | undefined;

  constructor(log: BusLog | undefined) {
    this.#log = log;
  }

  add(channel: string, listener: Listener): Subscription {
    const own: Listener = (content) => listener(content);
    const listeners = this.#byChannel.get(channel) ?? new Set();
    this.#byChannel.set(channel, listeners.add(own));
    return {
      close: async () => {
        listeners.delete(own);
        if (listeners.size === 0 && this.#byChannel.get(channel) === listeners) this.#byChannel.delete(channel);
      },
    };
  }

  channels(): string[] {
    return [...this.#byChannel.keys()];
  }

  /** Each listener gets a copy of its own, in a turn of its own. */
  tell(channel: string, encoded: string): void {
    for (const listener of this.#byChannel.get(channel) ?? []) {
      queueMicrotask(() => {
        try {
          listener(decodeContent(Buffer.from(encoded)));
        } catch (error) {
          this.#log?.error({ channel, reason: reasonOf(error) }, 'A listener failed; the others go on');
        }
      });
    }
  }

  clear(): void {
    this.#byChannel.clear();
  }
}
