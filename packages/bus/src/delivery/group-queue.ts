import { type BatchHandler, BusError, type Subscription } from '../bus.ts';
import { type Entry, Lane, type LaneOptions } from './lane.ts';

export type GroupOptions<Content> = Omit<LaneOptions<Content>, 'handler'>;

interface Owner<Content> {
  lane: Lane<Content>;
  /** How many messages of the client are outstanding there. */
  messages: number;
}

/**
 * One group of one topic: holds messages until somebody subscribes, then shares them out. A client stays with one
 * subscription as long as any of its messages is outstanding there, which keeps its order.
 */
export class GroupQueue<Content> {
  readonly name: string;
  readonly #options: GroupOptions<Content>;
  readonly #lanes: Lane<Content>[] = [];
  /** Kept only while there are several lanes. */
  readonly #owners = new Map<string, Owner<Content>>();
  #held: Entry<Content>[] = [];
  #only: ReadonlySet<string> | undefined;

  constructor(options: GroupOptions<Content>) {
    this.name = options.group;
    this.#options = options;
  }

  /** While nobody has subscribed everything is wanted. */
  wants(kind: string): boolean {
    return this.#only === undefined || this.#only.has(kind);
  }

  get isSubscribed(): boolean {
    return this.#lanes.length > 0;
  }

  get length(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.length, this.#held.length);
  }

  push(entry: Entry<Content>): void {
    const [first] = this.#lanes;
    if (!first) this.#held.push(entry);
    else if (this.#lanes.length === 1) first.push(entry);
    else this.#laneOf(entry.client, first).push(entry);
  }

  /** `kindOf` says what `only` is compared with. Throws `BusError('Refused')` when `only` differs from the group's. */
  subscribe(
    handler: BatchHandler<Content>,
    only: ReadonlySet<string> | undefined,
    kindOf: (content: Content) => string,
  ): Subscription {
    if (this.isSubscribed && !isSame(only, this.#only)) {
      throw new BusError('Refused', `all consumers of ${this.name} must want the same messages (\`only\`)`);
    }
    this.#only = only;
    const lane = new Lane<Content>({ ...this.#options, handler, done: (entry) => this.#done(entry) });
    this.#lanes.push(lane);
    if (this.#lanes.length === 2) this.#findOwners();
    const held = this.#held;
    this.#held = [];
    for (const entry of held) {
      if (entry.driven || this.wants(kindOf(entry.content))) this.push(entry);
      else this.#options.done(entry);
    }
    let closing: Promise<void> | undefined;
    return {
      close: () => {
        closing ??= this.#remove(lane);
        return closing;
      },
    };
  }

  /** What waits for a consumer. Nothing is held afterwards. */
  takeHeld(): Entry<Content>[] {
    return this.#held.splice(0);
  }

  watch(now: number): void {
    for (const lane of this.#lanes) lane.watch(now);
  }

  /** Ends delivering; what was not handled is held. */
  async end(): Promise<void> {
    await Promise.all([...this.#lanes].map((lane) => this.#remove(lane)));
  }

  #laneOf(client: string, first: Lane<Content>): Lane<Content> {
    const owner = this.#owners.get(client);
    if (owner) {
      owner.messages++;
      return owner.lane;
    }
    const lane = this.#lanes.reduce((best, other) => (isBetter(other, best) ? other : best), first);
    this.#owners.set(client, { lane, messages: 1 });
    return lane;
  }

  #findOwners(): void {
    for (const lane of this.#lanes) {
      for (const { client } of lane.outstanding()) {
        const owner = this.#owners.get(client);
        if (owner) owner.messages++;
        else this.#owners.set(client, { lane, messages: 1 });
      }
    }
  }

  #done(entry: Entry<Content>): void {
    this.#options.done(entry);
    const owner = this.#owners.get(entry.client);
    if (owner && --owner.messages === 0) this.#owners.delete(entry.client);
  }

  /** New messages of its clients queue up behind until it has ended; then all go to the others, or are held. */
  async #remove(lane: Lane<Content>): Promise<void> {
    await lane.end();
    const left = lane.takeAll();
    this.#lanes.splice(this.#lanes.indexOf(lane), 1);
    for (const [client, owner] of this.#owners) if (owner.lane === lane) this.#owners.delete(client);
    if (this.#lanes.length < 2) this.#owners.clear();
    if (!this.isSubscribed) this.#only = undefined;
    for (const entry of left) this.push(entry);
  }
}

function isBetter<Content>(one: Lane<Content>, other: Lane<Content>): boolean {
  if (one.isEnding !== other.isEnding) return other.isEnding;
  return one.length < other.length;
}

function isSame(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): boolean {
  if (!one || !other) return one === other;
  return one.size === other.size && [...one].every((kind) => other.has(kind));
}
