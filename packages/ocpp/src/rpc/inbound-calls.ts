import { contentHash } from './content-hash.ts';

/** A CALL of the other side while it is under way; the owner keeps what it needs of it in a subclass. */
export class InboundCall {
  readonly msgId: string;
  /** Of the whole frame: message id, action and payload. */
  readonly hash: number;
  /** Characters of the frame. */
  readonly size: number;
  /** The frame that answers it; empty: it is given up and gets none. Absent: not decided yet. */
  answer?: string;
  /** How many frames with this content came and want the answer. */
  copies = 1;

  constructor({ msgId, hash, size }: { msgId: string; hash: number; size: number }) {
    this.msgId = msgId;
    this.hash = hash;
    this.size = size;
  }
}

export type Arrival =
  /** Process it, then `add` it. */
  | { kind: 'new' }
  /** It is being processed: the answer will be given once more. */
  | { kind: 'in-progress' }
  /** It was answered on this connection: send this again. */
  | { kind: 'answered'; text: string };

const isNew: Arrival = { kind: 'new' };
const inProgress: Arrival = { kind: 'in-progress' };

/** Answers kept for repeats, oldest first. Columns rather than objects: every CALL is looked up among all of them. */
interface AnsweredCalls {
  /** Hashes of the message ids. */
  ids: number[];
  /** Of the frames; NaN when another frame with the same message id came since. */
  hashes: number[];
  texts: string[];
  /** Milliseconds, of the same clock as `now`. */
  until: number[];
  /** Characters of the texts. */
  size: number;
}

export interface InboundLimits {
  /** Answers kept for repeats. */
  remembered: number;
  /** Characters of answers kept for repeats. */
  rememberedSize: number;
  /** Milliseconds: a frame that comes again after this is a new message, from firmware that counts its ids badly. */
  rememberedMs: number;
}

/**
 * The CALLs of one connection in the direction of us: which are new, which are repeats, and when their answers go out.
 * A message id is no proof of a repeat, since some firmware has a single one; the last frame with this id, once more
 * within some minutes, is. Data in, actions out: no timers, no clock.
 */
export class InboundCalls<Call extends InboundCall> {
  /** The one that is under way when there is no other, as nearly always: then there is no map. */
  #only: Call | undefined;
  /** By message id, those with the same one in the order in which they came: a charge point may send thousands at once. */
  #underWay: Map<string, Call[]> | undefined;
  #answered: AnsweredCalls | undefined;
  #count = 0;
  #size = 0;
  readonly #limits: InboundLimits;

  constructor(limits: InboundLimits) {
    this.#limits = limits;
  }

  /** Frames that wait for their answer, repeats included. */
  get count(): number {
    return this.#count;
  }

  /** Characters of the frames that wait for their answer. */
  get size(): number {
    return this.#size;
  }

  arrive({ msgId, hash }: { msgId: string; hash: number }, now: number): Arrival {
    const sameId = this.#only?.msgId === msgId ? this.#only : this.#underWay?.get(msgId)?.at(-1);
    if (sameId === undefined) return this.#again(msgId, hash, now) ?? isNew;
    if (sameId.hash !== hash) return isNew;
    sameId.copies++;
    this.#count++;
    return inProgress;
  }

  /** A station repeats what it said last. Available, Charging, Available, all with one id, are three messages. */
  #again(msgId: string, hash: number, now: number): Arrival | undefined {
    const answered = this.#answered;
    if (answered === undefined) return undefined;
    const index = answered.ids.lastIndexOf(contentHash(msgId));
    const text = answered.texts[index];
    if (text === undefined || (answered.until[index] ?? 0) <= now) return undefined;
    if (answered.hashes[index] === hash) return { kind: 'answered', text };
    answered.hashes[index] = Number.NaN;
    return undefined;
  }

  add(call: Call): void {
    this.#count++;
    this.#size += call.size;
    if (this.#count === 1) {
      this.#only = call;
      return;
    }
    this.#underWay ??= new Map();
    if (this.#only !== undefined) this.#underWay.set(this.#only.msgId, [this.#only]);
    this.#only = undefined;
    const sameId = this.#underWay.get(call.msgId);
    if (sameId === undefined) this.#underWay.set(call.msgId, [call]);
    else sameId.push(call);
  }

  find(msgId: string, wanted: (call: Call) => boolean): Call | undefined {
    if (this.#only?.msgId === msgId) return wanted(this.#only) ? this.#only : undefined;
    return this.#underWay?.get(msgId)?.find(wanted);
  }

  /**
   * Takes the answer of a call; empty: it is given up and gets none. Returns what may go out now, in this order. A call
   * that has no answer yet holds back those after it that have the same message id, since they could be told apart by
   * their order alone; all others are matched by id.
   */
  answer(call: Call, text: string): readonly Call[] {
    call.answer = text;
    if (call === this.#only) {
      this.#only = undefined;
      this.#count -= call.copies;
      this.#size -= call.size;
      return text === '' ? [] : [call];
    }
    const sameId = this.#underWay?.get(call.msgId);
    if (sameId === undefined) return [];
    const undecided = sameId.findIndex(({ answer }) => answer === undefined);
    const taken = undecided < 0 ? sameId : sameId.splice(0, undecided);
    if (undecided < 0) this.#forget(call.msgId);
    for (const { size, copies } of taken) {
      this.#size -= size;
      this.#count -= copies;
    }
    return taken.some(({ answer }) => answer === '') ? taken.filter(({ answer }) => answer !== '') : taken;
  }

  #forget(msgId: string): void {
    this.#underWay?.delete(msgId);
    if (this.#underWay?.size === 0) this.#underWay = undefined;
  }

  /** Keeps an answer for the repeat that follows when it is lost. Not for answers that tell the time. */
  remember({ msgId, hash }: { msgId: string; hash: number }, text: string, now: number): void {
    const { remembered, rememberedSize, rememberedMs } = this.#limits;
    if (text.length > rememberedSize) return;
    this.#answered ??= { ids: [], hashes: [], texts: [], until: [], size: 0 };
    const { ids, hashes, texts, until } = this.#answered;
    ids.push(contentHash(msgId));
    hashes.push(hash);
    texts.push(text);
    until.push(now + rememberedMs);
    this.#answered.size += text.length;
    while (texts.length > remembered || this.#answered.size > rememberedSize) {
      ids.shift();
      hashes.shift();
      until.shift();
      this.#answered.size -= texts.shift()?.length ?? 0;
    }
  }

  /** Everything that waits for an answer which can't be given any more. */
  close(): readonly Call[] {
    const abandoned = this.#only === undefined ? [...(this.#underWay?.values() ?? [])].flat() : [this.#only];
    this.#only = undefined;
    this.#underWay = undefined;
    this.#answered = undefined;
    this.#count = 0;
    this.#size = 0;
    return abandoned;
  }
}
