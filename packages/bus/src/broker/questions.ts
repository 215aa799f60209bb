import { BusError, type Subscription } from '../bus.ts';
import { reasonOf, stopped } from '../delivery/reasons.ts';
import type { Address, Transport } from './transport.ts';

export interface AskOptions {
  timeoutMs: number;
  /** Words for 'NobodyThere'. */
  whenNobody?: string;
}

/** What travels back. */
type Answer = { ok?: unknown } | { refused: string };

/** Above so many questions of this process without an answer, and so many that it answers, new ones are refused. */
const MOST_UNDER_WAY = 10_000;

/** Questions and answers as JSON over a transport: `send` to a node and `request` of a subject. */
export class Questions {
  readonly #transport: Transport;
  #asked = 0;
  #answering = 0;
  #stopped = false;
  readonly #rejectAll = new Set<(error: BusError) => void>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get size(): number {
    return this.#asked + this.#answering;
  }

  async ask(address: Address, content: unknown, { timeoutMs, whenNobody }: AskOptions): Promise<unknown> {
    if (this.#asked >= MOST_UNDER_WAY)
      throw new BusError('Refused', `${this.#asked} questions wait for answers already`);
    const question = encode(content);
    this.#asked++;
    let reject: (error: BusError) => void = () => {};
    try {
      const end = new Promise<never>((_, refuse) => {
        reject = refuse;
        this.#rejectAll.add(reject);
      });
      const answer = await Promise.race([this.#transport.ask(address, question, { timeoutMs }), end]);
      return contentOf(decode(answer) as Answer);
    } catch (error) {
      throw whenNobody && isNobody(error) ? new BusError('NobodyThere', whenNobody) : asBusError(error);
    } finally {
      this.#asked--;
      this.#rejectAll.delete(reject);
    }
  }

  async answer(address: Address, handler: (content: unknown) => Promise<unknown>): Promise<Subscription> {
    const underWay = new Set<Promise<unknown>>();
    const closing = await this.#transport.answer(address, (question) => {
      const answering = this.#answer(question, handler);
      underWay.add(answering);
      void answering.finally(() => underWay.delete(answering));
      return answering;
    });
    return {
      close: async () => {
        await closing.close();
        await Promise.all(underWay);
      },
    };
  }

  /** Rejects what is under way. */
  stop(): void {
    this.#stopped = true;
    for (const reject of this.#rejectAll) reject(stopped());
  }

  /** Never rejects: a refusal is an answer. */
  async #answer(question: Uint8Array, handler: (content: unknown) => Promise<unknown>): Promise<Buffer> {
    if (this.#stopped) return encode({ refused: 'the receiver is stopping' });
    if (this.#answering >= MOST_UNDER_WAY) return encode({ refused: 'the receiver has too much to do' });
    this.#answering++;
    try {
      return encode({ ok: await handler(decode(question)) });
    } catch (error) {
      return encode({ refused: reasonOf(error) });
    } finally {
      this.#answering--;
    }
  }
}

function contentOf(answer: Answer): unknown {
  if ('refused' in answer) throw new BusError('Refused', answer.refused);
  return answer.ok;
}

function isNobody(error: unknown): boolean {
  return error instanceof BusError && error.code === 'NobodyThere';
}

function asBusError(error: unknown): BusError {
  return error instanceof BusError ? error : new BusError('Refused', reasonOf(error));
}

function encode(content: unknown): Buffer {
  return Buffer.from(JSON.stringify(content) ?? 'null');
}

function decode(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
}
