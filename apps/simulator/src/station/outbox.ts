import type { JsonObject } from '@ocpp-csms/ocpp';
import { AnswerMissing, ErrorAnswer, NotConnected } from '../link.ts';
import type { Message } from './message.ts';

export interface OutboxItem {
  /** Built when it is its turn: what the CSMS said of an earlier one may be in it. */
  build(): Message;
  answered?(answer: JsonObject): void;
}

export interface OutboxOptions {
  /** Resolves when the charge point may send (1.6 §4.2, B02): connected and accepted. */
  online(): Promise<void>;
  call(message: Message): Promise<JsonObject>;
  /** How often a message is tried, and the real seconds from which the pauses grow. */
  retries(): { attempts: number; seconds: number; isGrowing: boolean };
  /** Real time; rejects when the simulation ends. */
  pause(seconds: number): Promise<void>;
  discarded(message: Message, why: string): void;
}

/** The transaction messages, in their order, kept until they are answered (1.6 §3.7.1 and §4.1, 2.x E04 and E13). */
export interface Outbox {
  readonly length: number;
  push(item: OutboxItem): void;
  /** Resolves when all that is in it now has been answered or discarded. */
  empty(): Promise<void>;
}

export function createOutbox(options: OutboxOptions): Outbox {
  const items: OutboxItem[] = [];
  let working: Promise<void> = Promise.resolve();

  async function work(): Promise<void> {
    for (let item = items[0]; item !== undefined; item = items[0]) {
      await deliver(item, options);
      items.shift();
    }
  }

  return {
    get length() {
      return items.length;
    },
    push(item) {
      items.push(item);
      if (items.length === 1) {
        working = work();
        // It ends early only with the simulation; who waits for `empty` is told.
        working.catch(() => undefined);
      }
    },
    empty: () => working,
  };
}

/** That the connection is lost is known a moment later than that nothing can be sent. */
const reconnectSeconds = 0.1;

/** A lost connection is no attempt that failed; an error or silence is (1.6 §3.7.1, E13). */
async function deliver({ build, answered }: OutboxItem, { online, call, retries, pause, discarded }: OutboxOptions) {
  for (let failed = 0; ; ) {
    await online();
    const message = build();
    try {
      const answer = await call(message);
      answered?.(answer);
      return;
    } catch (error) {
      if (error instanceof NotConnected) {
        await pause(reconnectSeconds);
        continue;
      }
      if (!(error instanceof ErrorAnswer || error instanceof AnswerMissing)) throw error;
      failed++;
      const { attempts, seconds, isGrowing } = retries();
      if (failed >= attempts) return discarded(message, error.message);
      await pause(isGrowing ? seconds * failed : seconds);
    }
  }
}
