import type { ConnectionDirectory } from '@ocpp-csms/cache';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import type { DeviceSchema } from '../schema.ts';

/** When charge points were last alive: noted in memory, written now and then, all in one trip. */
export interface LastSeen {
  note(networkId: string, at: number): void;
  forget(networkId: string): void;
  /** The later of what is noted and what SQL says. */
  of(networkId: string, stored: string | null): string | null;
  flush(): Promise<void>;
  /** Notes all that are connected: no message has to be looked at for that, pings keep the directory true. */
  noteConnected(): Promise<void>;
}

export interface LastSeenOptions {
  database: Database<DeviceSchema>;
  connections: ConnectionDirectory;
  clock: Clock;
}

/** Of one transaction, on PostgreSQL: its lock table is bounded. */
const mostLocks = 200;

export function createLastSeen({ database, connections, clock }: LastSeenOptions): LastSeen {
  const unwritten = new Map<string, number>();

  function note(networkId: string, at: number): void {
    if (at > (unwritten.get(networkId) ?? 0)) unwritten.set(networkId, at);
  }

  async function write(noted: readonly (readonly [networkId: string, at: number])[]): Promise<void> {
    const rows = noted.map(([networkId, at]) => {
      const time = new Date(at).toISOString();
      return [time, networkId, time] as const;
    });
    const sql =
      'update charge_point set last_seen_at = ? where network_id = ? and (last_seen_at is null or last_seen_at < ?)';
    // With their keys: a batch that boots some of them would wait in a circle with this one.
    await database.bulk([{ sql, rows }], { beside: noted.map(([networkId]) => networkId) });
    for (const [networkId, at] of noted) if (unwritten.get(networkId) === at) unwritten.delete(networkId);
  }

  return {
    note,
    forget: (networkId) => void unwritten.delete(networkId),
    of(networkId, stored) {
      const noted = unwritten.get(networkId);
      if (noted === undefined || (stored !== null && Date.parse(stored) >= noted)) return stored;
      return new Date(noted).toISOString();
    },
    async flush() {
      const noted = [...unwritten];
      const rowsAtOnce = database.engine === 'sqlite' ? noted.length : mostLocks;
      for (let at = 0; at < noted.length; at += rowsAtOnce) await write(noted.slice(at, at + rowsAtOnce));
    },
    async noteConnected() {
      const now = clock.now().getTime();
      for (const { networkId } of await connections.list()) note(networkId, now);
    },
  };
}
