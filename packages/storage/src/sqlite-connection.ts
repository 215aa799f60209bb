import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import {
  type BulkReply,
  type BulkRequest,
  type ConnectionSettings,
  type Fault,
  IN_MEMORY,
  type NumberedReply,
  type PackedStatement,
  type QueryReply,
  type QueryRequest,
  TRANSACTION_GONE,
  type WorkerRequest,
  WRITE_IN_READ,
} from './worker-protocol.ts';

const BUSY_TIMEOUT_MS = 5000;
const MAX_CACHED_STATEMENTS = 500;
/** A checkpoint each 16 MiB (2,000 pages) where SQLite has 4 MiB: an insert takes about a sixth less CPU. */
const PAGE_BYTES = 8192;
const CHECKPOINT_PAGES = 2000;
/** Rows that a plain insert takes in one call. */
const ROWS_AT_ONCE = 16;
const CACHE_KIB = 32_768;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;
/** More than a large batch takes: a probe that succeeds with less free would promise what the next batch cannot keep. */
const PROBE_BYTES = 1024 * 1024;

/** After these the connection may be broken for good (a file opened read-only stays so): open it anew. */
const REOPEN_AFTER = /^SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|PROTOCOL)/;

class StatementFault extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Connection {
  /** Never throws: a fault is part of the reply. */
  serve(id: number, request: WorkerRequest): NumberedReply;
}

/** One SQLite connection with its statement cache. Opened at the first request. */
export function createConnection(settings: ConnectionSettings): Connection {
  let maxPageCount = settings.maxPageCount;
  let open: { database: Sqlite.Database; statements: StatementCache } | undefined;

  function opened() {
    if (!open) {
      const database = openFile(settings, maxPageCount);
      open = { database, statements: new StatementCache(database) };
    }
    return open;
  }

  function handle(request: WorkerRequest): unknown {
    if (request.kind === 'close') return shut();
    const { database, statements } = opened();
    switch (request.kind) {
      case 'query':
        return runQuery(database, statements, request);
      case 'bulk':
        return runBulks(database, statements, request);
      case 'begin':
        return begin(database, statements);
      case 'commit':
        return commit(database, statements);
      case 'rollback':
        return rollBack(database, statements);
      case 'probe':
        return probe(settings.file, database, statements);
      case 'limit':
        maxPageCount = request.maxPageCount;
        return setMaxPageCount(database, request.maxPageCount);
    }
  }

  function shut(): undefined {
    if (!open) return;
    const { database } = open;
    open = undefined;
    if (settings.access === 'write') tryQuietly(() => database.pragma('wal_checkpoint(TRUNCATE)'));
    database.close();
  }

  function abandon(): void {
    const abandoned = open;
    open = undefined;
    if (abandoned) tryQuietly(() => abandoned.database.close());
  }

  return {
    serve(id, request) {
      try {
        return { id, reply: handle(request) };
      } catch (error) {
        const fault = toFault(error);
        if (settings.file !== IN_MEMORY && REOPEN_AFTER.test(fault.code)) abandon();
        return { id, fault };
      }
    },
  };
}

function openFile(settings: ConnectionSettings, maxPageCount: number | undefined): Sqlite.Database {
  const readonly = settings.access === 'read';
  const database = new Sqlite(settings.file, { readonly, timeout: BUSY_TIMEOUT_MS });
  try {
    if (!readonly) prepareForWriting(database, settings.synchronous);
    database.pragma('foreign_keys = ON');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.pragma('temp_store = MEMORY');
    if (maxPageCount !== undefined && !readonly) setMaxPageCount(database, maxPageCount);
    // SQLite opens lazily: read the header now, so that a file that is no database is refused here.
    database.pragma('schema_version');
    return database;
  } catch (error) {
    tryQuietly(() => database.close());
    throw error;
  }
}

function prepareForWriting(database: Sqlite.Database, synchronous: 'full' | 'normal'): void {
  // The page size is fixed by the first write and by WAL, so it comes first.
  database.pragma(`page_size = ${PAGE_BYTES}`);
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
}

function setMaxPageCount(database: Sqlite.Database, maxPageCount: number): undefined {
  database.pragma(`max_page_count = ${Math.trunc(maxPageCount)}`);
}

/** Prepared statements by their SQL, the least recently made dropped first. */
class StatementCache {
  readonly #database: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement<unknown[]>>();

  constructor(database: Sqlite.Database) {
    this.#database = database;
  }

  get(sql: string): Sqlite.Statement<unknown[]> {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare<unknown[]>(sql);
    if (this.#statements.size >= MAX_CACHED_STATEMENTS) this.#dropOldest();
    this.#statements.set(sql, statement);
    return statement;
  }

  #dropOldest(): void {
    for (const sql of this.#statements.keys()) {
      this.#statements.delete(sql);
      return;
    }
  }
}

function runCommand(statements: StatementCache, sql: string): undefined {
  statements.get(sql).run();
}

function begin(database: Sqlite.Database, statements: StatementCache): undefined {
  rollBack(database, statements);
  runCommand(statements, 'BEGIN IMMEDIATE');
}

function commit(database: Sqlite.Database, statements: StatementCache): undefined {
  assertInTransaction(database);
  runCommand(statements, 'COMMIT');
}

/** SQLite or a new worker may have lost it: what follows must not be committed statement by statement. */
function assertInTransaction(database: Sqlite.Database): void {
  if (!database.inTransaction) throw new StatementFault(TRANSACTION_GONE, 'no transaction is open');
}

/** SQLite has itself rolled back after some faults (disk full, input and output), so this asks first. */
function rollBack(database: Sqlite.Database, statements: StatementCache): undefined {
  if (database.inTransaction) runCommand(statements, 'ROLLBACK');
}

function runQuery(database: Sqlite.Database, statements: StatementCache, request: QueryRequest): QueryReply {
  if (request.within === 'transaction') assertInTransaction(database);
  const statement = statements.get(request.sql);
  if (request.within === 'read' && !statement.readonly) {
    throw new StatementFault(WRITE_IN_READ, 'database.read is for reading only; use database.write');
  }
  if (statement.reader) return packRows(statement.all(request.parameters) as Record<string, unknown>[]);
  const { changes, lastInsertRowid } = statement.run(request.parameters);
  return { columns: [], values: [], changes, lastInsertRowid };
}

function packRows(rows: readonly Record<string, unknown>[]): QueryReply {
  const first = rows[0];
  if (!first) return { columns: [], values: [] };
  const columns = Object.keys(first);
  const values: unknown[] = [];
  for (const row of rows) for (const column of columns) values.push(row[column]);
  return { columns, values };
}

function runBulks(database: Sqlite.Database, statements: StatementCache, { bulks }: BulkRequest): BulkReply {
  begin(database, statements);
  try {
    const reply = bulks.length === 1 ? runOnlyBulk(statements, bulks) : runEachBulk(database, statements, bulks);
    runCommand(statements, 'COMMIT');
    return reply;
  } catch (error) {
    tryQuietly(() => rollBack(database, statements));
    throw error;
  }
}

function runOnlyBulk(statements: StatementCache, bulks: BulkRequest['bulks']): BulkReply {
  for (const bulk of bulks) runBulk(statements, bulk);
  return {};
}

/** Bulks of several callers share the transaction, and its costly commit; a savepoint keeps a bad one from spoiling the others. */
function runEachBulk(database: Sqlite.Database, statements: StatementCache, bulks: BulkRequest['bulks']): BulkReply {
  const faults: (Fault | undefined)[] = [];
  for (const bulk of bulks) {
    runCommand(statements, 'SAVEPOINT bulk');
    try {
      runBulk(statements, bulk);
      faults.push(undefined);
    } catch (error) {
      // Disk full and the like end the whole transaction, whoever met them.
      if (!database.inTransaction) throw error;
      runCommand(statements, 'ROLLBACK TO bulk');
      faults.push(toFault(error));
    }
    runCommand(statements, 'RELEASE bulk');
  }
  return faults.some((fault) => fault) ? { faults } : {};
}

function runBulk(statements: StatementCache, bulk: readonly PackedStatement[]): void {
  for (const { sql, rowCount, columns, values } of bulk) {
    let row = 0;
    const manyRows = rowCount < ROWS_AT_ONCE ? undefined : severalRows(sql, columns);
    if (manyRows !== undefined) {
      const several = statements.get(manyRows);
      for (; row + ROWS_AT_ONCE <= rowCount; row += ROWS_AT_ONCE) {
        several.run(values.slice(row * columns, (row + ROWS_AT_ONCE) * columns));
      }
    }
    const single = statements.get(sql);
    for (; row < rowCount; row++) single.run(values.slice(row * columns, (row + 1) * columns));
  }
}

/** `VALUES (?, …)` for several rows: a call of a statement costs as much as a row. `undefined` for what is no plain insert. */
function severalRows(sql: string, columns: number): string | undefined {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const at = sql.indexOf(row);
  const isPlain = /\bvalues\s*$/i.test(sql.slice(0, at)) && sql.split('?').length === columns + 1;
  return at > 0 && isPlain ? sql.replace(row, Array.from({ length: ROWS_AT_ONCE }, () => row).join(', ')) : undefined;
}

/** Takes pages as a batch would, gives them back and commits. The ballast itself is not written, so the disk is asked, too. */
function probe(file: string, database: Sqlite.Database, statements: StatementCache): undefined {
  if (file !== IN_MEMORY) assertFreeDisk(file);
  begin(database, statements);
  try {
    runCommand(statements, 'CREATE TABLE IF NOT EXISTS storage_probe (id INTEGER PRIMARY KEY, ballast BLOB)');
    runCommand(statements, `INSERT OR REPLACE INTO storage_probe VALUES (1, zeroblob(${PROBE_BYTES}))`);
    runCommand(statements, 'UPDATE storage_probe SET ballast = NULL');
    runCommand(statements, 'COMMIT');
  } catch (error) {
    tryQuietly(() => rollBack(database, statements));
    throw error;
  }
}

function assertFreeDisk(file: string): void {
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize < PROBE_BYTES) throw new StatementFault('SQLITE_FULL', `${bavail * bsize} bytes are free`);
}

function tryQuietly(action: () => void): void {
  try {
    action();
  } catch {
    // The fault that brought us here is the one that is reported.
  }
}

function toFault(error: unknown): Fault {
  if (!(error instanceof Error)) return { message: String(error), code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { message: error.message, code };
}
