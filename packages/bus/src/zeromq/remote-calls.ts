import { BusError } from '../bus.ts';
import type { Deadlines, Expiring } from '../delivery/deadlines.ts';
import { stopped } from '../delivery/reasons.ts';
import type { Link } from './link.ts';
import { type CallKind, decodeContent, encodeContent, type FromPeer } from './wire.ts';

const MAX_UNDER_WAY = 10_000;

/** Questions to other processes that wait for their answers. */
export class RemoteCalls {
  readonly #underWay = new Map<number, RemoteCall>();
  readonly #deadlines: Deadlines;
  #count = 0;

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  get size(): number {
    return this.#underWay.size;
  }

  async call(link: Link, kind: CallKind, name: string, content: unknown, timeoutMs: number): Promise<unknown> {
    if (this.#underWay.size >= MAX_UNDER_WAY) {
      throw new BusError('Full', `${MAX_UNDER_WAY} questions to other processes are under way, no more are asked`);
    }
    const id = ++this.#count;
    const call = new RemoteCall(link.peer, `${kind} ${name} at ${link.peer}`, timeoutMs);
    const encoded = encodeContent(content);
    this.#underWay.set(id, call);
    this.#deadlines.add(call);
    try {
      link.send({ type: 'call', call: id, kind, name, timeoutMs }, encoded);
      return await call.promise;
    } finally {
      this.#underWay.delete(id);
      this.#deadlines.remove(call);
    }
  }

  answered({ call: id, error }: Extract<FromPeer, { type: 'answer' }>, content: Buffer | undefined): void {
    const call = this.#underWay.get(id);
    if (error) call?.reject(new BusError(error.code, error.message));
    else call?.resolve(decodeContent(content));
  }

  /** The peer is away: what it was asked may have been done or not. */
  lost(peer: string): void {
    for (const call of this.#underWay.values()) {
      if (call.peer === peer) call.reject(new BusError('Timeout', `${call.what} was lost before it answered`));
    }
  }

  stop(): void {
    for (const call of this.#underWay.values()) call.reject(stopped());
  }
}

class RemoteCall implements Expiring {
  readonly peer: string;
  readonly what: string;
  readonly durationMs: number;
  readonly expiresAt: number;
  readonly promise: Promise<unknown>;
  resolve: (answer: unknown) => void = () => {};
  reject: (error: BusError) => void = () => {};

  constructor(peer: string, what: string, durationMs: number) {
    this.peer = peer;
    this.what = what;
    this.durationMs = durationMs;
    this.expiresAt = performance.now() + durationMs;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  expire(): void {
    this.reject(new BusError('Timeout', `${this.what} did not answer within ${this.durationMs} ms`));
  }
}
