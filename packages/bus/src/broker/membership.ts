import { reasonOf } from '../delivery/reasons.ts';
import { settledWithin } from '../delivery/waiting.ts';
import { type AssignmentTable, type Turn, takeTurn } from './assignment-table.ts';
import type { AssignmentStore } from './transport.ts';

export interface MembershipOptions {
  store: AssignmentStore;
  /** Of the table. */
  key: string;
  /** Unique to this process and start. */
  member: string;
  partitions: number;
  leaseMs: number;
  /** Which partitions are mine now. Those that are to be given back come in `surplus`; say `release` once that is done. */
  assigned(mine: ReadonlySet<number>, surplus: ReadonlySet<number>): void;
  /** The lease ran out: whoever was here before may have been replaced. */
  lapsed(): void;
  /** Tells the other members that the table has changed, so that they need not wait for their next beat. */
  nudgeOthers(): void;
  warn(details: object, line: string): void;
}

const BEATS_PER_LEASE = 4;
/** Part of the lease that is not used, so that clocks that run differently and slow writes do no harm. */
const UNUSED_PART = 0.2;
const CONFLICT_TRIES = 20;
const LEAVE_TIMEOUT_MS = 2000;

/**
 * One process as a member of a group. Whoever has not renewed its beat for a lease, as seen by another member on that
 * member's own clock, is replaced; and it knows by its own clock, earlier, that it may be. No clocks are compared.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #released = new Set<number>();
  /** When each member's beat was first seen as it is. */
  readonly #seen = new Map<string, { beat: number; since: number }>();
  #endsAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #again = false;
  #left = false;
  #failing = '';

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** Milliseconds of `performance.now()` until which nobody else takes what is mine. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** Resolves after the first try; when the broker is away, it goes on trying. */
  async join(): Promise<void> {
    const { leaseMs } = this.#options;
    this.#timer = setInterval(() => void this.turn(), leaseMs / BEATS_PER_LEASE);
    await settledWithin(this.turn(), leaseMs);
  }

  /** What belongs to this partition is neither handled nor waited for any more. */
  release(partition: number): void {
    this.#released.add(partition);
    void this.turn();
  }

  /** Takes part now. Turns never overlap; one that is asked for meanwhile follows. Never rejects. */
  turn(): Promise<void> {
    if (this.#turn) {
      this.#again = true;
      return this.#turn;
    }
    this.#turn = this.#takeTurns().finally(() => {
      this.#turn = undefined;
    });
    return this.#turn;
  }

  /** Gives everything back, in bounded time. Call it when nothing is being handled any more. */
  async leave(): Promise<void> {
    this.abandon();
    await settledWithin(this.#leave(), LEAVE_TIMEOUT_MS);
  }

  /** Is not renewed any more: the others take over when the lease has run out. */
  abandon(): void {
    this.#left = true;
    clearInterval(this.#timer);
    this.#endsAt = 0;
  }

  async #leave(): Promise<void> {
    await this.#turn;
    try {
      await this.#write(true);
      this.#options.nudgeOthers();
    } catch {
      // The broker is away: the others will see that the beat stands still.
    }
  }

  async #takeTurns(): Promise<void> {
    do {
      this.#again = false;
      await this.#takeOne();
    } while (this.#again && !this.#left);
  }

  async #takeOne(): Promise<void> {
    if (this.#left) return;
    if (this.#endsAt !== 0 && performance.now() > this.#endsAt) {
      this.#endsAt = 0;
      this.#options.lapsed();
    }
    try {
      const turn = await this.#write(false);
      this.#failing = '';
      if (!turn || this.#left) return;
      this.#options.assigned(new Set(turn.mine), new Set(turn.surplus));
    } catch (error) {
      this.#warnOnce(reasonOf(error));
    }
  }

  /** Undefined when others wrote so often that this had no turn; the next beat tries again. */
  async #write(leaving: boolean): Promise<Turn | undefined> {
    const { store, key, member: self, partitions, leaseMs } = this.#options;
    for (let tries = 0; tries < CONFLICT_TRIES; tries++) {
      const found = await store.read(key);
      const before = found && (JSON.parse(found.value) as AssignmentTable);
      const released = new Set(this.#released);
      const turn = takeTurn(before, { self, partitions, dead: this.#deadOf(before), released, leaving });
      const sentAt = performance.now();
      if (!(await store.write(key, JSON.stringify(turn.table), found?.revision))) continue;
      this.#endsAt = leaving ? 0 : sentAt + leaseMs * (1 - UNUSED_PART);
      for (const partition of released) this.#released.delete(partition);
      if (this.#mustNudge(before, turn, released)) this.#options.nudgeOthers();
      return turn;
    }
    return undefined;
  }

  #mustNudge(before: AssignmentTable | undefined, { table }: Turn, released: ReadonlySet<number>): boolean {
    return released.size > 0 || Object.keys(table.members).some((member) => !(member in (before?.members ?? {})));
  }

  #deadOf(table: AssignmentTable | undefined): Set<string> {
    const dead = new Set<string>();
    const now = performance.now();
    const members = table?.members ?? {};
    for (const member of this.#seen.keys()) if (!(member in members)) this.#seen.delete(member);
    for (const [member, beat] of Object.entries(members)) {
      const seen = this.#seen.get(member);
      if (seen?.beat !== beat) this.#seen.set(member, { beat, since: now });
      else if (member !== this.#options.member && now - seen.since > this.#options.leaseMs) dead.add(member);
    }
    return dead;
  }

  #warnOnce(reason: string): void {
    if (reason === this.#failing) return;
    this.#failing = reason;
    this.#options.warn({ reason }, 'Cannot take part in sharing out the partitions of a group; tries again');
  }
}
