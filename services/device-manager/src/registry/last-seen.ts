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

export function createLastSeen({ database, connections, clock }: LastSeenOptions): LastSeen {
  const unwritten = new Map<string, number>();

  function note(networkId: string, at: number): void {
    if (at > (unwritten.get(networkId) ?? 0)) unwritten.set(networkId, at);
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
      // In one order everywhere: another instance may be writing the same charge points.
      const noted = [...unwritten].sort(([one], [other]) => (one < other ? -1 : 1));
      const rows = noted.map(([networkId, at]) => {
        const time = new Date(at).toISOString();
        return [time, networkId, time] as const;
      });
      const sql =
        'update charge_point set last_seen_at = ? where network_id = ? and (last_seen_at is null or last_seen_at < ?)';
      await database.bulk([{ sql, rows }]);
      for (const [networkId, at] of noted) if (unwritten.get(networkId) === at) unwritten.delete(networkId);
    },
    async noteConnected() {
      const now = clock.now().getTime();
      for (const { networkId } of await connections.list()) note(networkId, now);
    },
  };
}
