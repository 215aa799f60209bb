import { setImmediate } from 'node:timers/promises';
import type { AuthCache, AuthRecord } from '@ocpp-csms/cache';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import type { Kysely } from 'kysely';
import type { ChargePointTable, DeviceSchema } from '../schema.ts';
import { authRecordOf } from './charge-point.ts';

export interface AuthMirrorOptions {
  database: Database<DeviceSchema>;
  auth: AuthCache;
  clock: Clock;
  log: Log;
  /** Told to charge points that have no interval of their own. */
  heartbeatIntervalSeconds: number;
}

/** Keeps the auth records of the cache as SQL has them. Everything it does goes one after the other. */
export interface AuthMirror {
  /** Brings what waits in the outbox to the cache. Resolves when it is there; rejects when the cache is away. */
  flush(): Promise<void>;
  /** Compares every record, mends what differs and declares the cache complete. Returns how many were mended. */
  reconcile(): Promise<number>;
  /** Reconciles at once when the cache was emptied: until it is complete, csms-server asks for every charge point. */
  refillWhenEmptied(): Promise<void>;
}

const outboxChunk = 500;
const pageRows = 500;

export function createAuthMirror({
  database,
  auth,
  clock,
  log,
  heartbeatIntervalSeconds,
}: AuthMirrorOptions): AuthMirror {
  let lane: Promise<unknown> = Promise.resolve();
  let flushWaits: Promise<void> | undefined;

  // One lane: a record read before a change can't be written after it.
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = lane.then(work);
    lane = turn.catch(() => undefined);
    return turn;
  }

  const recordOf = (row: ChargePointTable): AuthRecord => authRecordOf(row, heartbeatIntervalSeconds, clock.now());

  async function flushOutbox(): Promise<void> {
    for (;;) {
      // In one order: another instance may be at the same rows.
      const outbox = database.read.selectFrom('auth_outbox').selectAll().orderBy('network_id').limit(outboxChunk);
      const waiting = await outbox.execute();
      if (waiting.length === 0) return;
      await bring(waiting.map(({ network_id }) => network_id));
      // Only as far as it was seen: a change that came meanwhile has a higher revision and stays.
      await database.bulk([
        {
          sql: 'delete from auth_outbox where network_id = ? and revision = ?',
          rows: waiting.map(({ network_id, revision }) => [network_id, revision]),
        },
      ]);
    }
  }

  /** As SQL says now, and not as it said when the difference was seen: another instance may have been at work since. */
  async function bring(ids: readonly string[]): Promise<void> {
    const rows = await database.read.selectFrom('charge_point').selectAll().where('network_id', 'in', ids).execute();
    const rowById = new Map(rows.map((row) => [row.network_id, row]));
    await Promise.all(ids.map((id) => bringOne(id, rowById.get(id))));
  }

  async function bringOne(networkId: string, row: ChargePointTable | undefined): Promise<void> {
    if (row === undefined) return forget(networkId);
    const mirrored = await auth.get(networkId);
    // A cache that outlived a database restored from a backup holds higher revisions, which a put would not replace.
    if (mirrored !== undefined && mirrored.revision > row.revision && (await isNewest(row)))
      await auth.delete(networkId);
    await auth.put(recordOf(row));
  }

  /** Registered again meanwhile, by another instance: what that one has put there may have been deleted here. */
  async function forget(networkId: string): Promise<void> {
    await auth.delete(networkId);
    const again = await database.read
      .selectFrom('charge_point')
      .selectAll()
      .where('network_id', '=', networkId)
      .executeTakeFirst();
    if (again !== undefined) await auth.put(recordOf(again));
  }

  /** Whether SQL has nothing later than this row. */
  async function isNewest({ network_id, revision }: ChargePointTable): Promise<boolean> {
    const now = await database.read
      .selectFrom('charge_point')
      .select('revision')
      .where('network_id', '=', network_id)
      .executeTakeFirst();
    return now?.revision === revision;
  }

  async function reconcile(): Promise<number> {
    const known = new Set<string>();
    let mended = 0;
    // When it is emptied meanwhile, only a part of what is written below is still there in the end.
    const filling = await auth.startFilling();
    for await (const rows of registeredInPages(database.read)) {
      for (const { network_id } of rows) known.add(network_id);
      mended += await bringAll(await differing(rows));
    }
    mended += await bringAll((await auth.networkIds()).filter((networkId) => !known.has(networkId)));
    if (!(await auth.isComplete())) await auth.setComplete(true, filling);
    return mended;
  }

  /** Between two chunks the event loop, which serves sockets in the all-in-one shape, has its turn. */
  async function bringAll(ids: readonly string[]): Promise<number> {
    for (let start = 0; start < ids.length; start += pageRows) {
      await bring(ids.slice(start, start + pageRows));
      await setImmediate();
    }
    return ids.length;
  }

  async function differing(rows: readonly ChargePointTable[]): Promise<string[]> {
    const mirrored = await Promise.all(rows.map(({ network_id }) => auth.get(network_id)));
    return rows.filter((row, index) => !sameRecord(mirrored[index], recordOf(row))).map(({ network_id }) => network_id);
  }

  function reconcileInTurn(): Promise<number> {
    return inTurn(async () => {
      await flushOutbox();
      const mended = await reconcile();
      if (mended > 0) log.info({ mended }, 'Auth records in the cache were brought to what the database says');
      return mended;
    });
  }

  return {
    flush() {
      // Many changes at once share the next flush.
      flushWaits ??= inTurn(() => {
        flushWaits = undefined;
        return flushOutbox();
      });
      return flushWaits;
    },
    reconcile: reconcileInTurn,
    async refillWhenEmptied() {
      // A cache that is away says so itself, once.
      const isComplete = await auth.isComplete().catch(() => undefined);
      if (isComplete === false) await reconcileInTurn();
    },
  };
}

/** Expired digests and another heartbeat setting show without a new revision. Cheap: it is done for every charge point each minute. */
function sameRecord(left: AuthRecord | undefined, right: AuthRecord): boolean {
  return (
    left !== undefined &&
    left.revision === right.revision &&
    left.passwordDigests.length === right.passwordDigests.length &&
    left.heartbeatIntervalSeconds === right.heartbeatIntervalSeconds
  );
}

/** A page at a time: there may be hundreds of thousands, and all at once would hold up the event loop. */
async function* registeredInPages(read: Kysely<DeviceSchema>): AsyncGenerator<ChargePointTable[]> {
  for (let after = ''; ; ) {
    const rows = await read
      .selectFrom('charge_point')
      .selectAll()
      .where('network_id', '>', after)
      .orderBy('network_id')
      .limit(pageRows)
      .execute();
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last.network_id;
  }
}
