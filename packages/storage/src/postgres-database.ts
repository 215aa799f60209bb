import { setTimeout as pause } from 'node:timers/promises';
import { type CompiledQuery, Kysely, type QueryResult, sql, type Transaction } from 'kysely';
import type { Pool } from 'pg';
import {
  type BulkStatement,
  type Database,
  type Migration,
  type OpenOptions,
  type PostgresOptions,
  StorageUnavailable,
  type WriteOptions,
} from './database.ts';
import { TransactionConflict } from './is-conflict.ts';
import { migrate } from './migrate.ts';
import { type PlainStatement, plainStatements, rowByRow } from './postgres-bulk.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { PostgresDialect, TransactionDriver } from './postgres-dialect.ts';
import { toStorageError } from './postgres-errors.ts';
import { beginStatements } from './postgres-locks.ts';
import { createPool, placeOf } from './postgres-pool.ts';
import { ensureSchema } from './postgres-schema.ts';
import { ReadDriver } from './read-driver.ts';
import { SqlError } from './storage-errors.ts';
import { Turns } from './turns.ts';

/** Bounds and clocks that only tests set. */
export interface PostgresInternals {
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** How long a query, a wait for a connection that writes or a whole `write` may take. */
  timeoutMs?: number;
  connectTimeoutMs?: number;
  /** How long a transaction may stand still between two statements. */
  idleInTransactionMs?: number;
}

const TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Others wait for the locks of a process that stands still: less than a charge point waits for its answer. */
const IDLE_IN_TRANSACTION_MS = 5000;
/** How often a transaction that others were in the way of is tried in all. */
const ATTEMPTS = 5;
const CONFLICT_PAUSE_MS = 20;
/** `ON CONFLICT DO UPDATE` had a row twice. */
const SAME_ROW_TWICE = '21000';
/** An insert or update in a transaction that only reads. */
const READ_ONLY = '25006';

/** Opens the schema `name` of a PostgreSQL database, makes it when it is not there, and migrates it. */
export async function openPostgres<Schema>(
  options: OpenOptions & { postgresql: PostgresOptions },
  internals: PostgresInternals = {},
): Promise<Database<Schema>> {
  const database = new PostgresDatabase<Schema>(options, internals);
  try {
    await database.migrate(options.migrations, internals.clock ?? Date.now);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

class PostgresDatabase<Schema> implements Database<Schema> {
  readonly engine = 'postgresql';
  readonly read: Kysely<Schema>;
  readonly #schema: string;
  readonly #place: string;
  readonly #pool: Pool;
  readonly #writers: Turns;
  readonly #timeoutMs: number;
  readonly #log: OpenOptions['log'];
  #closed = false;
  #writing = new Set<Promise<unknown>>();

  constructor(
    { name, postgresql, synchronous = 'full', log }: OpenOptions & { postgresql: PostgresOptions },
    {
      timeoutMs = TIMEOUT_MS,
      connectTimeoutMs = CONNECT_TIMEOUT_MS,
      idleInTransactionMs = IDLE_IN_TRANSACTION_MS,
    }: PostgresInternals,
  ) {
    this.#schema = name.replaceAll('-', '_');
    this.#place = placeOf(postgresql.url);
    this.#timeoutMs = timeoutMs;
    this.#log = log;
    const limits = { timeoutMs, connectTimeoutMs, idleInTransactionMs };
    this.#pool = createPool({ postgresql, schema: this.#schema, synchronous, ...limits, log });
    // A write may read meanwhile, on a connection of its own: some are always left for that.
    const writers = Math.max(1, Math.floor((postgresql.maxConnections * 2) / 3));
    this.#writers = new Turns(`${name} on PostgreSQL ${this.#place}`, timeoutMs, writers);
    this.read = new Kysely({ dialect: new PostgresDialect(new ReadDriver((query) => this.#read(query))) });
  }

  write<Result>(
    work: (transaction: Transaction<Schema>) => Promise<Result>,
    options: WriteOptions = {},
  ): Promise<Result> {
    return this.#inTransaction(work, options);
  }

  async migrate(migrations: readonly Migration[], clock: () => number): Promise<void> {
    const write = (work: (transaction: Transaction<unknown>) => Promise<void>) =>
      this.#inTransaction<unknown, void>(work, {});
    await write((transaction) => ensureSchema(transaction, this.#schema, this.#log));
    const place = `schema ${this.#schema} of PostgreSQL ${this.#place}`;
    await migrate({ place, engine: this.engine, migrations, write, clock });
  }

  async bulk(statements: readonly BulkStatement[], { beside = [] }: Pick<WriteOptions, 'beside'> = {}): Promise<void> {
    const filled = statements.filter(({ rows }) => rows.length > 0);
    if (filled.length === 0) return;
    const together = filled.flatMap(plainStatements);
    try {
      await this.#bulk(together, beside);
    } catch (error) {
      if (!(error instanceof SqlError) || error.code !== SAME_ROW_TWICE) throw error;
      await this.#bulk(filled.flatMap(rowByRow), beside);
    }
  }

  async sizeInBytes(): Promise<number> {
    const { rows } = await sql<{ bytes: number | null }>`
      select sum(pg_total_relation_size(oid)) as bytes from pg_class
      where relnamespace = (select oid from pg_namespace where nspname = current_schema()) and relkind in ('r', 'm')`.execute(
      this.read,
    );
    return rows[0]?.bytes ?? 0;
  }

  /** Writes a few bytes to the write-ahead log, which needs room, a primary and a disk that works. */
  async probe(): Promise<void> {
    await this.#inTransaction(
      (transaction) => sql`select pg_logical_emit_message(true, 'ocpp-csms', 'probe')`.execute(transaction),
      { beside: [] },
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Each is bounded by its own time limit.
    await Promise.allSettled(this.#writing);
    await this.#pool.end();
  }

  /** Once more on another connection when one that had been idle turns out to be gone: nothing is changed by reading. */
  async #read({ sql: text, parameters }: CompiledQuery, again = true): Promise<QueryResult<unknown>> {
    const connection = await this.#connect();
    try {
      return await connection.query(text, parameters);
    } catch (error) {
      if (connection.sqlState === READ_ONLY)
        throw new SqlError(READ_ONLY, 'database.read is for reading only; use database.write', text);
      if (!connection.isBroken || !again) throw error;
    } finally {
      connection.release();
    }
    return this.#read({ sql: text, parameters } as CompiledQuery, false);
  }

  #inTransaction<Any, Result>(
    work: (transaction: Transaction<Any>) => Promise<Result>,
    { beside, repeatable = true }: WriteOptions,
  ): Promise<Result> {
    const begin = beginStatements(this.#schema, beside);
    const attempt = () =>
      this.#writers.run(async () => {
        const connection = await this.#begun(begin);
        const driver = new TransactionDriver(connection);
        const kysely = new Kysely<Any>({ dialect: new PostgresDialect(driver) });
        return this.#withinTime(kysely.transaction().execute(work), connection, driver);
      });
    return this.#tracked(repeatable ? repeating(attempt) : attempt());
  }

  #bulk(statements: readonly PlainStatement[], beside: readonly string[]): Promise<void> {
    const begin = beginStatements(this.#schema, beside);
    const attempt = () =>
      this.#writers.run(async () => {
        const connection = await this.#connect();
        try {
          await runTogether(connection, begin, statements);
        } finally {
          connection.release();
        }
      });
    return this.#tracked(repeating(attempt));
  }

  /** A connection with its transaction begun; another one when the first had been idle and turns out to be gone. */
  async #begun(begin: string, again = true): Promise<PostgresConnection> {
    const connection = await this.#connect();
    try {
      await connection.run(begin);
      return connection;
    } catch (error) {
      if (!connection.isBroken) await connection.rollback();
      connection.release();
      if (!connection.isBroken || connection.sqlState === READ_ONLY || !again) throw error;
    }
    return this.#begun(begin, false);
  }

  /** One `write` that never ended would keep all others waiting for ever. */
  async #withinTime<Result>(
    execution: Promise<Result>,
    connection: PostgresConnection,
    driver: TransactionDriver,
  ): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const reason = `${this.#schema} on PostgreSQL ${this.#place}: a transaction was rolled back because it took longer than ${this.#timeoutMs / 1000} s`;
    let expired = false;
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        expired = true;
        driver.end(reason);
        execution.catch(() => {});
        reject(new StorageUnavailable(reason));
      }, this.#timeoutMs);
    });
    try {
      return await Promise.race([execution, expiry]);
    } catch (error) {
      // Whatever `work` made of it: a transaction that was in another's way may be done again.
      throw connection.failure instanceof TransactionConflict ? connection.failure : error;
    } finally {
      clearTimeout(timer);
      connection.release(expired);
    }
  }

  async #connect(): Promise<PostgresConnection> {
    if (this.#closed) throw new StorageUnavailable(`${this.#schema} on PostgreSQL ${this.#place} was closed`);
    try {
      return new PostgresConnection(await this.#pool.connect(), this.#place);
    } catch (error) {
      throw toStorageError(error, this.#place);
    }
  }

  async #tracked<Result>(running: Promise<Result>): Promise<Result> {
    this.#writing.add(running);
    try {
      return await running;
    } finally {
      this.#writing.delete(running);
    }
  }
}

/** All in one trip: a statement that fails makes what follows it, the commit too, come to nothing. */
async function runTogether(
  connection: PostgresConnection,
  begin: string,
  statements: readonly PlainStatement[],
): Promise<void> {
  const running: Promise<unknown>[] = [connection.run(begin)];
  for (const { sql: text, parameters } of statements) running.push(connection.query(text, parameters));
  running.push(connection.commit());
  for (const outcome of await Promise.allSettled(running)) if (outcome.status === 'rejected') throw outcome.reason;
}

async function repeating<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransactionConflict) || number === ATTEMPTS) throw error;
      // At random, so that two that met do not meet again.
      await pause(Math.random() * CONFLICT_PAUSE_MS * number);
    }
  }
}
