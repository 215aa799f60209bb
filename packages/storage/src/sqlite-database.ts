import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Kysely, sql, type Transaction } from 'kysely';
import { BulkQueue } from './bulk-queue.ts';
import { type BulkStatement, type Database, type Migration, type OpenOptions, StorageUnavailable } from './database.ts';
import { migrate } from './migrate.ts';
import { createReadDriver, ThreadDialect, WriteDriver } from './sqlite-dialect.ts';
import { SqliteThread } from './sqlite-thread.ts';
import { Turns } from './turns.ts';
import { IN_MEMORY } from './worker-constants.js';
import type { ConnectionSettings } from './worker-protocol.ts';

/** Bounds and clocks that only tests set. */
export interface SqliteInternals {
  startWorker?: (settings: ConnectionSettings) => Worker;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** How long a query, a wait for one's turn or a whole `write` may take. */
  timeoutMs?: number;
  /** How long the reading thread stays without a query. */
  readerIdleMs?: number;
}

const TIMEOUT_MS = 60_000;
/** A thread takes about 10 MB, and a new one is there within 50 ms. */
const READER_IDLE_MS = 30_000;

/**
 * Opens `<directory>/<name>.sqlite`, makes it and its folder when they are not there, and migrates it.
 * Rejects with `StorageUnavailable` (folder not writable, file locked) or with an `Error` that says what is wrong with the file.
 */
export async function openSqlite<Schema>(
  options: OpenOptions,
  internals: SqliteInternals = {},
): Promise<Database<Schema>> {
  const file = await prepareFile(options);
  const database = new SqliteDatabase<Schema>(file, options, internals);
  try {
    await database.migrate(options.migrations, internals.clock ?? Date.now);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

async function prepareFile({ name, directory }: OpenOptions): Promise<string> {
  if (directory === IN_MEMORY) return IN_MEMORY;
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageUnavailable(
      `the data folder ${directory} cannot be made: let the user of this process write there, or set another folder (${reason})`,
    );
  }
  return join(directory, `${name}.sqlite`);
}

class SqliteDatabase<Schema> implements Database<Schema> {
  readonly engine = 'sqlite';
  readonly read: Kysely<Schema>;
  readonly #file: string;
  readonly #writer: SqliteThread;
  readonly #reader: SqliteThread;
  readonly #turns: Turns;
  readonly #bulks: BulkQueue;
  readonly #writeDriver: WriteDriver;
  readonly #write: Kysely<Schema>;
  readonly #timeoutMs: number;

  constructor(
    file: string,
    options: OpenOptions,
    { startWorker, timeoutMs = TIMEOUT_MS, readerIdleMs = READER_IDLE_MS }: SqliteInternals,
  ) {
    const { synchronous = 'full', limits, log } = options;
    const thread = (access: 'write' | 'read') =>
      new SqliteThread({
        settings: { file, access, synchronous, ...limits },
        log,
        requestTimeoutMs: timeoutMs,
        idleMs: access === 'read' ? readerIdleMs : undefined,
        startWorker,
      });
    this.#file = file;
    this.#timeoutMs = timeoutMs;
    this.#turns = new Turns(options.name, timeoutMs);
    this.#writer = thread('write');
    // A database in memory is seen by the connection alone that made it.
    this.#reader = file === IN_MEMORY ? this.#writer : thread('read');
    this.#bulks = new BulkQueue(this.#writer, this.#turns);
    this.#writeDriver = new WriteDriver(this.#writer);
    this.#write = new Kysely({ dialect: new ThreadDialect(this.#writeDriver) });
    const readDriver = createReadDriver(this.#reader, file === IN_MEMORY ? this.#turns : undefined);
    this.read = new Kysely({ dialect: new ThreadDialect(readDriver) });
  }

  write<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result> {
    return this.#inTransaction(this.#write, work);
  }

  /** Migrations know no schema: they make it. */
  migrate(migrations: readonly Migration[], clock: () => number): Promise<void> {
    const kysely = new Kysely<unknown>({ dialect: new ThreadDialect(this.#writeDriver) });
    return migrate({
      place: this.#file,
      engine: this.engine,
      migrations,
      write: (work) => this.#inTransaction(kysely, work),
      clock,
    });
  }

  bulk(statements: readonly BulkStatement[]): Promise<void> {
    return this.#bulks.run(statements);
  }

  async sizeInBytes(): Promise<number> {
    if (this.#file === IN_MEMORY) return this.#sizeInMemory();
    const sizes = await Promise.all(['', '-wal'].map((suffix) => sizeOf(this.#file + suffix)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async probe(): Promise<void> {
    await this.#turns.run(() => this.#writer.request({ kind: 'probe' }));
  }

  async limit({ maxPageCount }: { maxPageCount: number }): Promise<void> {
    await this.#turns.run(() => this.#writer.setMaxPageCount(maxPageCount));
  }

  /** The reader first: a checkpoint cannot pass a page that is being read. */
  async close(): Promise<void> {
    if (this.#reader !== this.#writer) await this.#reader.close();
    // When the transaction before does not end, it is rolled back with its connection.
    await this.#turns.run(async () => {}).catch(() => {});
    await this.#writer.close();
  }

  #inTransaction<Any, Result>(
    kysely: Kysely<Any>,
    work: (transaction: Transaction<Any>) => Promise<Result>,
  ): Promise<Result> {
    return this.#turns.run(() => this.#withinTime(kysely.transaction().execute(work)));
  }

  /** One `write` that never ended would keep all others waiting for ever. */
  async #withinTime<Result>(execution: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const reason = `${this.#file}: a transaction was rolled back because it took longer than ${this.#timeoutMs / 1000} s`;
        execution.catch(() => {});
        this.#writeDriver.abort(reason).then(() => reject(new StorageUnavailable(reason)));
      }, this.#timeoutMs);
    });
    try {
      return await Promise.race([execution, expired]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #sizeInMemory(): Promise<number> {
    const query = sql<{
      bytes: number;
    }>`SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size`;
    const { rows } = await query.execute(this.read);
    return rows[0]?.bytes ?? 0;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    // No write-ahead log before the first write and after a clean close.
    return 0;
  }
}
