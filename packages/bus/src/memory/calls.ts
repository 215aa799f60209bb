import { BusError, type Subscription } from '../bus.ts';
import type { JsonCopier } from '../copy-json.ts';
import type { Deadlines, Expiring } from '../delivery/deadlines.ts';
import { reasonOf, stopped } from '../delivery/reasons.ts';

type Handler = (content: unknown) => Promise<unknown>;

/** Calls by name within the process: `send` to a node and `request` of a subject. */
export class Calls {
  readonly #handlers = new Map<string, Handler[]>();
  readonly #underWay = new Set<Call>();
  readonly #deadlines: Deadlines;
  readonly #copier: JsonCopier;
  /** For errors: "node" or "subject". */
  readonly #what: string;
  #turn = 0;

  constructor(what: string, deadlines: Deadlines, copier: JsonCopier) {
    this.#what = what;
    this.#deadlines = deadlines;
    this.#copier = copier;
  }

  get size(): number {
    return this.#underWay.size;
  }

  has(name: string): boolean {
    return this.#handlers.has(name);
  }

  names(): string[] {
    return [...this.#handlers.keys()];
  }

  add(name: string, handler: Handler): Subscription {
    const own: Handler = (content) => handler(content);
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), own]);
    return { close: () => this.#remove(name, own) };
  }

  async call(name: string, content: unknown, timeoutMs: number): Promise<unknown> {
    const handlers = this.#handlers.get(name);
    // Several serve a subject: they take turns.
    const handler = handlers?.[this.#turn++ % handlers.length];
    if (!handler) throw new BusError('NobodyThere', `nobody is there for the ${this.#what} ${name}`);
    const call = new Call(timeoutMs, handler, `${this.#what} ${name}`);
    this.#underWay.add(call);
    this.#deadlines.add(call);
    try {
      return await Promise.race([call.promise, this.#answerOf(handler, content)]);
    } finally {
      this.#underWay.delete(call);
      this.#deadlines.remove(call);
      call.ended();
    }
  }

  /** Rejects what is under way. */
  stop(): void {
    this.#handlers.clear();
    for (const call of this.#underWay) call.refuse(stopped());
  }

  async #answerOf(handler: Handler, content: unknown): Promise<unknown> {
    try {
      const copy = this.#copier.copy(content);
      // The handler runs in a turn of its own, as it would behind a socket.
      await Promise.resolve();
      return this.#copier.copy(await handler(copy));
    } catch (error) {
      throw new BusError('Refused', reasonOf(error));
    }
  }

  async #remove(name: string, handler: Handler): Promise<void> {
    const left = (this.#handlers.get(name) ?? []).filter((other) => other !== handler);
    if (left.length > 0) this.#handlers.set(name, left);
    else this.#handlers.delete(name);
    const underWay = [...this.#underWay].filter((call) => call.handler === handler);
    await Promise.all(underWay.map((call) => call.whenEnded));
  }
}

class Call implements Expiring {
  readonly durationMs: number;
  readonly expiresAt: number;
  readonly handler: Handler;
  /** Never resolves; rejects when the time is over. */
  readonly promise: Promise<never>;
  readonly whenEnded: Promise<void>;
  readonly #what: string;
  refuse: (error: BusError) => void = () => {};
  ended: () => void = () => {};

  constructor(durationMs: number, handler: Handler, what: string) {
    this.durationMs = durationMs;
    this.expiresAt = performance.now() + durationMs;
    this.handler = handler;
    this.#what = what;
    this.promise = new Promise((_, reject) => {
      this.refuse = reject;
    });
    this.whenEnded = new Promise((resolve) => {
      this.ended = resolve;
    });
  }

  expire(): void {
    this.refuse(new BusError('Timeout', `${this.#what} did not answer within ${this.durationMs} ms`));
  }
}
