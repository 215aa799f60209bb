/** A CALL of the other side while it is under way; the owner keeps what it needs of it in a subclass. */
export class InboundCall {
  /** Of the whole frame: message id, action and payload. */
  readonly hash: number;
  /** Characters of the frame. */
  readonly size: number;
  /** The frame that answers it; empty: it is given up and gets none. Absent: not decided yet. */
  answer?: string;
  /** How many frames with this content came and want the answer. */
  copies = 1;

  constructor(hash: number, size: number) {
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
 * The CALLs of one connection in the direction of us: which are new, which are repeats, and in which order the answers
 * go out. A message id is no proof of a repeat, since some firmware has a single one; the same frame within some
 * minutes is. Data in, actions out: no timers, no clock.
 */
export class InboundCalls<Call extends InboundCall> {
  /** In the order in which they came. Undefined while there are none: most connections are idle most of the time. */
  #underWay: Call[] | undefined;
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

  arrive(hash: number, now: number): Arrival {
    const same = this.#underWay?.find((call) => call.hash === hash);
    if (same !== undefined) {
      same.copies++;
      this.#count++;
      return inProgress;
    }
    return this.#again(hash, now) ?? isNew;
  }

  #again(hash: number, now: number): Arrival | undefined {
    const answered = this.#answered;
    if (answered === undefined) return undefined;
    const index = answered.hashes.lastIndexOf(hash);
    const text = answered.texts[index];
    if (text === undefined || (answered.until[index] ?? 0) <= now) return undefined;
    return { kind: 'answered', text };
  }

  add(call: Call): void {
    this.#count++;
    this.#size += call.size;
    if (this.#underWay === undefined) this.#underWay = [call];
    else this.#underWay.push(call);
  }

  find(wanted: (call: Call) => boolean): Call | undefined {
    return this.#underWay?.find(wanted);
  }

  /**
   * The calls whose turn it is to be answered, in the order of arrival; one that is not decided holds back those after
   * it. Those with an empty answer are left out.
   */
  takeAnswered(): Call[] {
    const underWay = this.#underWay;
    if (underWay === undefined) return [];
    let ready = 0;
    while (ready < underWay.length && underWay[ready]?.answer !== undefined) ready++;
    const taken = ready === underWay.length ? underWay : underWay.splice(0, ready);
    if (taken === underWay) this.#underWay = undefined;
    for (const { size, copies } of taken) {
      this.#size -= size;
      this.#count -= copies;
    }
    return taken.some(({ answer }) => answer === '') ? taken.filter(({ answer }) => answer !== '') : taken;
  }

  /** Keeps an answer for the repeat that follows when it is lost. Not for answers that tell the time. */
  remember(hash: number, text: string, now: number): void {
    const { remembered, rememberedSize, rememberedMs } = this.#limits;
    if (text.length > rememberedSize) return;
    this.#answered ??= { hashes: [], texts: [], until: [], size: 0 };
    const { hashes, texts, until } = this.#answered;
    hashes.push(hash);
    texts.push(text);
    until.push(now + rememberedMs);
    this.#answered.size += text.length;
    while (texts.length > remembered || this.#answered.size > rememberedSize) {
      hashes.shift();
      until.shift();
      this.#answered.size -= texts.shift()?.length ?? 0;
    }
  }

  /** Everything that waits for an answer which can't be given any more. */
  close(): readonly Call[] {
    const abandoned = this.#underWay ?? [];
    this.#underWay = undefined;
    this.#answered = undefined;
    this.#count = 0;
    this.#size = 0;
    return abandoned;
  }
}
