import type { Envelope } from '@ocpp-csms/bus';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { CompiledQuery, sql, type Transaction } from 'kysely';
import { lastOfIndexed } from '../envelope-text.ts';
import { findLogged } from './find-messages.ts';
import { KnownIds } from './known-ids.ts';
import { type Block, insertStatements, packBlocks } from './pack-blocks.ts';
import type { LogSchema } from './schema.ts';
import { createSharedRecorder } from './shared-recorder.ts';

export interface Recorder {
  /** Logs each message once, all in one transaction; durable when it resolves. Rejects with `StorageUnavailable`. */
  record(batch: readonly Envelope[]): Promise<void>;
}

export interface RecorderOptions {
  database: Database<LogSchema>;
  clock: Clock;
  /** Told after each commit. */
  onRecorded(): void;
}

export function createRecorder(options: RecorderOptions): Recorder {
  return options.database.engine === 'postgresql' ? createSharedRecorder(options) : createSingleRecorder(options);
}

/** Where no other process writes (SQLite): what this one remembers tells which messages are new. */
function createSingleRecorder({ database, clock, onRecorded }: RecorderOptions): Recorder {
  const now = () => clock.now().getTime();
  let starting: Promise<KnownIds> | undefined;
  let known: KnownIds | undefined;

  async function start(): Promise<KnownIds> {
    // In a transaction, so that one of a process that was here before has ended.
    starting ??= database.write(async (transaction) => new KnownIds(await highestId(transaction)));
    try {
      known = await starting;
      return known;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  /** Looks into the log before it writes. In one transaction, so that a commit in doubt has come to its end before. */
  function recordNew(batch: readonly Envelope[], doubtful: readonly string[]): Promise<void> {
    return database.write(async (transaction) => {
      const logged = await findLogged(transaction, doubtful);
      const fresh = batch.filter(({ id }) => !logged.has(id) && logged.add(id));
      await insert(transaction, packBlocks(fresh, now));
    });
  }

  return {
    async record(batch) {
      if (batch.length === 0) return;
      const ids = known ?? (await start());
      const doubtful = ids.doubtful(batch);
      const blocks = packBlocks(batch, now);
      ids.remember(blocks);
      if (doubtful.length === 0) await database.bulk(insertStatements(blocks));
      else await recordNew(batch, doubtful);
      onRecorded();
    },
  };
}

async function highestId(transaction: Transaction<LogSchema>): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    SELECT last_id AS id FROM block_refs ORDER BY last_id DESC LIMIT 1`.execute(transaction);
  return lastOfIndexed(rows[0]?.id ?? '');
}

async function insert(transaction: Transaction<LogSchema>, blocks: readonly Block[]): Promise<void> {
  for (const statement of insertStatements(blocks)) {
    for (const row of statement.rows) await transaction.executeQuery(CompiledQuery.raw(statement.sql, [...row]));
  }
}
