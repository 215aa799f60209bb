import type { AuthCache, AuthRecord, Cache, ConnectionDirectory } from '../cache.ts';

/** How the cache of another process is reached: by the bus, which this package does not know. */
export interface CacheChannel {
  /** Rejects when the process that holds the cache is away. */
  request(question: CacheQuestion): Promise<unknown>;
  /** Tells of changes of auth records there, until the function that it returns is called. */
  onChange(listener: (change: AuthChange) => void): () => void;
}

export interface AuthChange {
  networkId: string;
  /** `null`: deleted. */
  record: AuthRecord | null;
}

/** A verb of the cache with its arguments, as plain JSON. */
export type CacheQuestion =
  | { verb: 'auth.get' | 'auth.delete' | 'connections.get'; networkId: string }
  | { verb: 'auth.put'; record: AuthRecord }
  | { verb: 'auth.isComplete' | 'auth.startFilling' | 'auth.networkIds' | 'connections.list' }
  | { verb: 'auth.setComplete'; complete: boolean; filling?: string }
  | { verb: 'connections.claim'; claim: Parameters<ConnectionDirectory['claim']>[0] }
  | { verb: 'connections.release'; networkId: string; node: string; epoch: number }
  | { verb: 'connections.renew'; node: string; leaseMs: number };

/** The other side of `serveCache`: for a process that has no cache of its own, without a Redis. */
export function createRemoteCache(channel: CacheChannel): Cache {
  const ask = <Answer>(question: CacheQuestion) => channel.request(question) as Promise<Answer>;
  const orAbsent = async <Value>(answer: Promise<Value | null>) => (await answer) ?? undefined;

  const auth: AuthCache = {
    get: (networkId) => orAbsent(ask<AuthRecord | null>({ verb: 'auth.get', networkId })),
    put: (record) => ask({ verb: 'auth.put', record }),
    delete: (networkId) => ask({ verb: 'auth.delete', networkId }),
    isComplete: () => ask({ verb: 'auth.isComplete' }),
    startFilling: () => ask({ verb: 'auth.startFilling' }),
    setComplete: (complete, filling) =>
      ask({ verb: 'auth.setComplete', complete, ...(filling === undefined ? {} : { filling }) }),
    onChange: (listener) => channel.onChange(({ networkId, record }) => listener(networkId, record ?? undefined)),
    // Whoever asks from elsewhere holds nothing that a change would concern: connections are where the cache is.
    onMissedChanges: () => () => {},
    networkIds: () => ask({ verb: 'auth.networkIds' }),
  };
  const connections: ConnectionDirectory = {
    claim: (claim) => ask({ verb: 'connections.claim', claim }),
    release: (networkId, node, epoch) => ask({ verb: 'connections.release', networkId, node, epoch }),
    get: (networkId) => orAbsent(ask({ verb: 'connections.get', networkId })),
    list: () => ask({ verb: 'connections.list' }),
    renew: (node, leaseMs) => ask({ verb: 'connections.renew', node, leaseMs }),
  };
  return { auth, connections, close: async () => {} };
}
