import { randomUUID } from 'node:crypto';
import type { AuthCache, AuthRecord, Cache, ConnectionDirectory, ConnectionEntry } from './cache.ts';

export interface MemoryCacheOptions {
  /** Milliseconds since 1970. */
  clock?: () => number;
}

type ChangeListener = (networkId: string, record: AuthRecord | undefined) => void;

/** The cache of one process: for all-in-one and for tests. Nothing outlives the process; device-manager fills it again at start. */
export function createMemoryCache({ clock = Date.now }: MemoryCacheOptions = {}): Cache {
  return {
    auth: createAuthCache(),
    connections: createConnectionDirectory(clock),
    close: async () => {},
  };
}

function createAuthCache(): AuthCache {
  const records = new Map<string, AuthRecord>();
  const listeners = new Set<ChangeListener>();
  const contents = randomUUID();
  let complete = false;

  // Told after `put` returned, as from a remote cache: a listener that throws must not look like a failed `put`.
  function tell(networkId: string, record: AuthRecord | undefined): void {
    for (const listener of listeners) queueMicrotask(() => listener(networkId, record && copyRecord(record)));
  }

  return {
    async get(networkId) {
      const record = records.get(networkId);
      return record && copyRecord(record);
    },
    async put(record) {
      const known = records.get(record.networkId);
      if (known && known.revision > record.revision) return;
      records.set(record.networkId, copyRecord(record));
      tell(record.networkId, record);
    },
    async delete(networkId) {
      if (records.delete(networkId)) tell(networkId, undefined);
    },
    isComplete: async () => complete,
    startFilling: async () => contents,
    async setComplete(value, filling = contents) {
      if (filling === contents) complete = value;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // It is never away.
    onMissedChanges: () => () => {},
    networkIds: async () => [...records.keys()],
  };
}

function copyRecord(record: AuthRecord): AuthRecord {
  return { ...record, passwordDigests: record.passwordDigests.map((digest) => ({ ...digest })) };
}

function createConnectionDirectory(clock: () => number): ConnectionDirectory {
  const entries = new Map<string, ConnectionEntry>();
  // Epochs outlive their entries: a charge point that comes back must get a higher one even when the clock was set back.
  let highestEpoch = 0;

  function nextEpoch(): number {
    highestEpoch = Math.max(highestEpoch + 1, Math.floor(clock() * 1000));
    return highestEpoch;
  }

  function live(entry: ConnectionEntry | undefined): ConnectionEntry | undefined {
    if (!entry) return undefined;
    if (entry.leaseUntil > clock()) return { ...entry };
    entries.delete(entry.networkId);
    return undefined;
  }

  return {
    async claim({ networkId, node, protocol, leaseMs, remoteAddress }) {
      const replaced = live(entries.get(networkId));
      const now = clock();
      const entry: ConnectionEntry = {
        networkId,
        node,
        epoch: nextEpoch(),
        protocol,
        since: new Date(now).toISOString(),
        leaseUntil: now + leaseMs,
        ...(remoteAddress !== undefined && { remoteAddress }),
      };
      entries.set(networkId, entry);
      return { entry: { ...entry }, ...(replaced && { replaced }) };
    },
    async release(networkId, node, epoch) {
      const entry = entries.get(networkId);
      if (entry?.node !== node || entry.epoch !== epoch) return false;
      return entries.delete(networkId);
    },
    get: async (networkId) => live(entries.get(networkId)),
    async list() {
      return [...entries.values()].map(live).filter((entry) => entry !== undefined);
    },
    async renew(node, leaseMs) {
      const leaseUntil = clock() + leaseMs;
      // A lease that ran out is not brought back: its node terminates the sockets (design.md §8).
      for (const entry of entries.values()) if (entry.node === node && live(entry)) entry.leaseUntil = leaseUntil;
      return { ranOut: false, replaced: [] };
    },
  };
}
