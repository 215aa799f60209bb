import type { Log } from '@ocpp-csms/runtime';
import { digestsOfForms } from './basic-credentials.ts';
import { Budgets } from './budgets.ts';
import type { Facts } from './facts.ts';
import type { RefusalReason, Upgrade } from './upgrade.ts';

/** Equal refusals within this time are told once, and then again with their number. */
const quietMs = 30_000;

/** Refusals told in a minute: who makes up identities does not fill the store. */
const toldPerMinute = 300;

interface Entry {
  upgrade: Told;
  count: number;
  toldAt: number;
}

interface Told {
  client: string;
  status: number;
  reason: RefusalReason;
  words: string;
  remoteAddress: string;
  path: string;
  subprotocols: readonly string[];
  credentials: 'none' | 'basic';
}

/** Tells who was refused and why, so that an operator sees it and can adopt. Bounded, and equal ones taken together. */
export class Refusals {
  readonly #facts: Facts;
  readonly #log: Log;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Entry>();
  readonly #budget = new Budgets({ perMinute: toldPerMinute, maxKeys: 1 });
  #untold = 0;

  constructor({ facts, log, maxEntries }: { facts: Facts; log: Log; maxEntries: number }) {
    this.#facts = facts;
    this.#log = log;
    this.#maxEntries = maxEntries;
  }

  add(
    upgrade: Upgrade,
    { status, reason, words }: { status: number; reason: RefusalReason; words: string },
    now: number,
  ): void {
    const key = `${reason} ${upgrade.credentials === undefined} ${upgrade.networkId}`;
    const before = this.#entries.get(key);
    if (before !== undefined && now - before.toldAt < quietMs) {
      before.count++;
      return;
    }
    const told = describe(upgrade, { status, reason, words });
    if (!this.#budget.take('', now)) {
      this.#untold++;
      return;
    }
    this.#log.warn(
      { networkId: told.client, reason, remoteAddress: told.remoteAddress, untold: this.#untold },
      `Connection refused: ${words}`,
    );
    this.#untold = 0;
    this.#tell(told, 1 + (before?.count ?? 0), passwordDigestsOf(upgrade, reason));
    this.#keep(key, { upgrade: told, count: 0, toldAt: now });
  }

  /** Tells the number of those that were only counted. */
  tick(now: number): void {
    for (const [key, entry] of this.#entries) {
      // The oldest come first.
      if (now - entry.toldAt < quietMs) return;
      this.#entries.delete(key);
      if (entry.count > 0) this.#tell(entry.upgrade, entry.count, undefined);
    }
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size <= this.#maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  #tell({ client, ...told }: Told, count: number, passwordDigests: ReturnType<typeof passwordDigestsOf>): void {
    this.#facts.happened({ client }, 'ConnectionRefused', {
      ...told,
      count,
      ...(passwordDigests && { passwordDigests }),
    });
  }
}

/**
 * Only of the first refusal, and with the address that it came from: so that an operator who knows it to be the charge
 * point can adopt it with the password that it has.
 */
function passwordDigestsOf({ credentials, networkId }: Upgrade, reason: RefusalReason) {
  const isAdoptable = reason === 'unknown-charge-point' || reason === 'wrong-credentials';
  const isWanted = isAdoptable && credentials?.user === networkId;
  return isWanted ? digestsOfForms(credentials.password) : undefined;
}

function describe(
  upgrade: Upgrade,
  { status, reason, words }: { status: number; reason: RefusalReason; words: string },
): Told {
  return {
    client: upgrade.networkId,
    status,
    reason,
    words,
    remoteAddress: upgrade.remoteAddress,
    path: (upgrade.request.url ?? '').split('?', 1)[0]?.slice(0, 300) ?? '',
    subprotocols: upgrade.offered.map((name) => name.slice(0, 50)),
    credentials: upgrade.credentials === undefined ? 'none' : 'basic',
  };
}
