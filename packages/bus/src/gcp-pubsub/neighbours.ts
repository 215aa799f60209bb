import type { Address } from '../broker/transport.ts';

/** What a process says about itself. */
export interface Presence {
  /** `kind/name` of what it answers. */
  addresses: string[];
  channels: string[];
  /** It has just begun and knows nobody. */
  isNew?: boolean;
  isLeaving?: boolean;
}

interface Neighbour extends Presence {
  /** Milliseconds of `performance.now()`. */
  heardAt: number;
}

export function addressOf({ kind, name }: Address): string {
  return `${kind}/${name}`;
}

/** The other processes, as far as they have been heard of lately. */
export class Neighbours {
  readonly #known = new Map<string, Neighbour>();
  readonly #silenceMs: number;
  #turn = 0;

  /** `silenceMs`: after which a process counts as gone. */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  heard(member: string, presence: Presence): void {
    if (presence.isLeaving) this.#known.delete(member);
    else this.#known.set(member, { ...presence, heardAt: performance.now() });
  }

  /** One of those who answer at this address, in turn. */
  whoAnswers(address: string): string | undefined {
    const members = this.#there().filter(([, { addresses }]) => addresses.includes(address));
    return members[this.#turn++ % members.length]?.[0];
  }

  anybodyListens(channel: string): boolean {
    return this.#there().some(([, { channels }]) => channels.includes(channel));
  }

  #there(): [string, Neighbour][] {
    const since = performance.now() - this.#silenceMs;
    for (const [member, { heardAt }] of this.#known) if (heardAt < since) this.#known.delete(member);
    return [...this.#known];
  }
}
