import type { Bus } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import { expireReservations } from './reservation/expire-reservations.ts';
import type { SessionDatabase, SessionSchema } from './schema.ts';

export interface HousekeepingOptions {
  database: Database<SessionSchema>;
  bus: Bus;
  clock: Clock;
  newId: () => string;
  node: string;
  log: Log;
  settings: Pick<Settings['session'], 'meterValueRetentionDays'>;
}

/** Deleting what nobody looks for any more is in nobody's way. */
const besideOthers = { beside: [] };
const tidyEveryMs = 30_000;
const expireEveryMs = 1000;
/** A redelivery, or a charge point's repeat with the same envelope, comes long before. */
const outcomeHours = 24;
const authorizationsKept = 10_000;
const remoteStartDays = 7;
/** So many in a round: others wait for the database meanwhile. */
const meterValuesAtOnce = 20_000;

/** Deletes what is no longer needed and lets reservations expire. */
export function createHousekeeping(options: HousekeepingOptions) {
  const timers: NodeJS.Timeout[] = [];
  const running = new Set<Promise<void>>();

  /** Never twice at once: what takes longer than its interval must not pile up. */
  function every(ms: number, what: string, work: () => Promise<unknown>): void {
    let busy = false;
    const round = async () => {
      try {
        await work();
      } catch (error) {
        options.log.warn({ reason: String(error) }, `${what}; tried again`);
      }
    };
    const tick = () => {
      if (busy) return;
      busy = true;
      const turn = round().finally(() => {
        busy = false;
        running.delete(turn);
      });
      running.add(turn);
    };
    timers.push(setInterval(tick, ms).unref());
  }

  return {
    start() {
      every(tidyEveryMs, 'Old records could not be deleted', () => tidy(options));
      every(expireEveryMs, 'Reservations could not be let expire', () => expireReservations(options));
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running);
    },
  };
}

export function tidy({
  database,
  clock,
  settings: { meterValueRetentionDays: days },
}: Pick<HousekeepingOptions, 'database' | 'clock' | 'settings'>): Promise<void> {
  const now = clock.now().getTime();
  const before = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
  return database.write(async (transaction: SessionDatabase) => {
    await transaction.deleteFrom('outcome').where('decided_at', '<', before(outcomeHours)).execute();
    await transaction
      .deleteFrom('remote_start')
      .where('requested_at', '<', before(remoteStartDays * 24))
      .execute();
    await sql`delete from authorization_log where id <
      (select id from authorization_log order by id desc limit 1 offset ${authorizationsKept - 1})`.execute(
      transaction,
    );
    if (days > 0) {
      await sql`delete from meter_value where id in
        (select id from meter_value where id < ${firstIdAt(now - days * 86_400_000)} order by id limit ${meterValuesAtOnce})`.execute(
        transaction,
      );
    }
  }, besideOthers);
}

/** Ids begin with the id of their envelope, a UUIDv7, which begins with its time in milliseconds (RFC 9562). */
function firstIdAt(ms: number): string {
  const digits = Math.max(ms, 0).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}
