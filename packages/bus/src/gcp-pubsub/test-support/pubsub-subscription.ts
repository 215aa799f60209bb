import type { GrpcError } from './grpc-server.ts';

export interface Stored {
  messageId: string;
  orderingKey: string;
  attributes: Record<string, string>;
  data: Uint8Array;
}

interface Outstanding {
  ackId: string;
  message: Stored;
  stream: Stream;
  timer: NodeJS.Timeout;
}

interface Received {
  ackId: string;
  message: Stored;
  deliveryAttempt: number;
}

export interface Stream {
  /** Messages that may be outstanding on it. */
  most: number;
  outstanding: number;
  /** The acknowledgement deadline of what is sent on it. */
  deadlineSeconds: number;
  send(messages: Received[]): void;
  end(error?: GrpcError): void;
}

/** One subscription of the stand-in: what is not acknowledged, in order, and who has what of it. */
export class FakeSubscription {
  // biome-ignore lint/suspicious/noExplicitAny: as the client sent it
  readonly settings: any;
  /** Not acknowledged and not with anybody. */
  #waiting: Stored[] = [];
  readonly #outstanding = new Map<string, Outstanding>();
  readonly #streams = new Set<Stream>();
  /** Who has messages of a key, and how many. */
  readonly #owners = new Map<string, { stream: Stream; messages: number }>();
  #count = 0;
  #scheduled = false;

  // biome-ignore lint/suspicious/noExplicitAny: as above
  constructor(settings: any) {
    this.settings = settings;
  }

  get unacknowledged(): number {
    return this.#waiting.length + this.#outstanding.size;
  }

  publish(message: Stored): void {
    if (!this.#passes(message)) return;
    this.#waiting.push(message);
    this.#schedule();
  }

  stream(stream: Stream): () => void {
    this.#streams.add(stream);
    this.#schedule();
    // What is outstanding stays so until its deadline: the client may still acknowledge it on another connection.
    return () => void this.#streams.delete(stream);
  }

  acknowledge(ackIds: readonly string[]): object {
    for (const ackId of ackIds) this.#remove(ackId);
    this.#schedule();
    return {};
  }

  modifyDeadline(ackIds: readonly string[], seconds: number): object {
    for (const ackId of ackIds) {
      const outstanding = this.#outstanding.get(ackId);
      if (!outstanding) continue;
      clearTimeout(outstanding.timer);
      if (seconds === 0) this.#giveBack(outstanding);
      else outstanding.timer = this.#timer(ackId, seconds);
    }
    return {};
  }

  /** As if the deadlines of all that is outstanding had passed: what happens to a client that was cut off. */
  expireAll(): void {
    for (const outstanding of [...this.#outstanding.values()]) this.#giveBack(outstanding);
  }

  end(error: GrpcError): void {
    for (const stream of this.#streams) stream.end(error);
    for (const { timer } of this.#outstanding.values()) clearTimeout(timer);
  }

  /** With an ordering key, what was sent after it comes again too, in order. */
  #giveBack({ ackId, message }: Outstanding): void {
    const isAffected = (other: Outstanding) =>
      other.ackId === ackId ||
      (this.settings.enableMessageOrdering &&
        message.orderingKey !== '' &&
        other.message.orderingKey === message.orderingKey &&
        Number(other.message.messageId) > Number(message.messageId));
    const back = [...this.#outstanding.values()].filter(isAffected);
    for (const other of back) this.#remove(other.ackId);
    this.#waiting.push(...back.map((other) => other.message));
    this.#waiting.sort((one, other) => Number(one.messageId) - Number(other.messageId));
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const left: Stored[] = [];
    const batches = new Map<Stream, Received[]>();
    const held = new Set<string>();
    for (const message of this.#waiting) {
      const { orderingKey: key } = message;
      const stream = held.has(key) ? undefined : this.#streamFor(key);
      if (!stream) {
        // What comes behind it with the same key must not overtake it.
        if (key !== '') held.add(key);
        left.push(message);
        continue;
      }
      const ackId = `ack-${++this.#count}`;
      const timer = this.#timer(ackId, stream.deadlineSeconds);
      this.#add({ ackId, message, stream, timer });
      const batch = batches.get(stream);
      if (batch) batch.push({ ackId, message, deliveryAttempt: 0 });
      else batches.set(stream, [{ ackId, message, deliveryAttempt: 0 }]);
    }
    this.#waiting = left;
    for (const [stream, messages] of batches) stream.send(messages);
  }

  /**
   * A key belongs to one of the streams, by its hash. When streams come and go it moves, and first waits until the one
   * that had it has acknowledged what it has of it.
   */
  #streamFor(key: string): Stream | undefined {
    const streams = [...this.#streams];
    const hash = key === '' ? this.#count : [...key].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
    const stream = streams[hash % streams.length];
    if (!stream || stream.outstanding >= stream.most) return undefined;
    const owner = this.#owners.get(key);
    return owner && owner.messages > 0 && owner.stream !== stream ? undefined : stream;
  }

  #add(outstanding: Outstanding): void {
    const { stream, message, ackId } = outstanding;
    this.#outstanding.set(ackId, outstanding);
    stream.outstanding++;
    if (message.orderingKey === '') return;
    const messages = (this.#owners.get(message.orderingKey)?.messages ?? 0) + 1;
    this.#owners.set(message.orderingKey, { stream, messages });
  }

  #remove(ackId: string): void {
    const outstanding = this.#outstanding.get(ackId);
    if (!outstanding) return;
    clearTimeout(outstanding.timer);
    this.#outstanding.delete(ackId);
    outstanding.stream.outstanding--;
    const owner = this.#owners.get(outstanding.message.orderingKey);
    if (owner) owner.messages--;
  }

  #timer(ackId: string, seconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      const outstanding = this.#outstanding.get(ackId);
      if (outstanding) this.#giveBack(outstanding);
    }, seconds * 1000).unref();
  }

  /** Of the filter language, what we use: `attributes.NAME = "VALUE"`, joined by OR. */
  #passes({ attributes }: Stored): boolean {
    const filter: string = this.settings.filter ?? '';
    if (filter === '') return true;
    return filter.split(' OR ').some((term) => {
      const [, name = '', value] = /^attributes\.(\w+) = "([^"]*)"$/.exec(term) ?? [];
      return attributes[name] === value;
    });
  }
}
