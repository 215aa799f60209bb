import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { IN_MEMORY, TRANSACTION_GONE, WRITE_IN_READ } from './worker-constants.js';

/**
 * @import {
 *   BulkReply, BulkRequest, ConnectionSettings, Fault, NumberedReply, PackedStatement, QueryReply, QueryRequest, WorkerRequest,
 * } from './worker-protocol.ts'
 */

const BUSY_TIMEOUT_MS = 5000;
const MAX_CACHED_STATEMENTS = 500;
/** A checkpoint each 16 MiB (2,000 pages) where SQLite has 4 MiB: an insert takes about a sixth less CPU. */
const PAGE_BYTES = 8192;
const CHECKPOINT_PAGES = 2000;
/** Rows that a plain insert takes in one call. */
const ROWS_AT_ONCE = 16;
/** A connection; there are some of them. */
const CACHE_KIB = 8192;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;
/** More than a large batch takes: a probe that succeeds with less free would promise what the next batch cannot keep. */
const PROBE_BYTES = 1024 * 1024;

/** After these the connection may be broken for good (a file opened read-only stays so): open it anew. */
const REOPEN_AFTER = /^SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|PROTOCOL)/;

class StatementFault extends Error {
  /** @type {string} */
  code;

  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * One SQLite connection with its statement cache. Opened at the first request.
 * @param {ConnectionSettings} settings
 * @returns {{ serve(id: number, request: WorkerRequest): NumberedReply }} `serve` never throws: a fault is part of the reply.
 */
export function createConnection(settings) {
  let maxPageCount = settings.maxPageCount;
  /** @type {{ database: Sqlite.Database, statements: StatementCache } | undefined} */
  let open;

  function opened() {
    if (!open) {
      const database = openFile(settings, maxPageCount);
      open = { database, statements: new StatementCache(database) };
    }
    return open;
  }

  /**
   * @param {WorkerRequest} request
   * @returns {unknown}
   */
  function handle(request) {
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

  function shut() {
    if (!open) return;
    const { database } = open;
    open = undefined;
    if (settings.access === 'write') tryQuietly(() => database.pragma('wal_checkpoint(TRUNCATE)'));
    database.close();
  }

  function abandon() {
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

/**
 * @param {ConnectionSettings} settings
 * @param {number | undefined} maxPageCount
 * @returns {Sqlite.Database}
 */
function openFile(settings, maxPageCount) {
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

/**
 * @param {Sqlite.Database} database
 * @param {'full' | 'normal'} synchronous
 */
function prepareForWriting(database, synchronous) {
  // The page size is fixed by the first write and by WAL, so it comes first.
  database.pragma(`page_size = ${PAGE_BYTES}`);
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
}

/**
 * @param {Sqlite.Database} database
 * @param {number} maxPageCount
 * @returns {undefined}
 */
function setMaxPageCount(database, maxPageCount) {
  database.pragma(`max_page_count = ${Math.trunc(maxPageCount)}`);
}

/** Prepared statements by their SQL, the least recently made dropped first. */
class StatementCache {
  /** @type {Sqlite.Database} */
  #database;
  /** @type {Map<string, Sqlite.Statement<unknown[]>>} */
  #statements = new Map();

  /** @param {Sqlite.Database} database */
  constructor(database) {
    this.#database = database;
  }

  /**
   * @param {string} sql
   * @returns {Sqlite.Statement<unknown[]>}
   */
  get(sql) {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    if (this.#statements.size >= MAX_CACHED_STATEMENTS) this.#dropOldest();
    this.#statements.set(sql, statement);
    return statement;
  }

  #dropOldest() {
    for (const sql of this.#statements.keys()) {
      this.#statements.delete(sql);
      return;
    }
  }
}

/**
 * @param {StatementCache} statements
 * @param {string} sql
 * @returns {undefined}
 */
function runCommand(statements, sql) {
  statements.get(sql).run();
}

/**
 * @param {Sqlite.Database} database
 * @param {StatementCache} statements
 * @returns {undefined}
 */
function begin(database, statements) {
  rollBack(database, statements);
  runCommand(statements, 'BEGIN IMMEDIATE');
}

/**
 * @param {Sqlite.Database} database
 * @param {StatementCache} statements
 * @returns {undefined}
 */
function commit(database, statements) {
  assertInTransaction(database);
  runCommand(statements, 'COMMIT');
}

/**
 * SQLite or a new worker may have lost it: what follows must not be committed statement by statement.
 * @param {Sqlite.Database} database
 */
function assertInTransaction(database) {
  if (!database.inTransaction) throw new StatementFault(TRANSACTION_GONE, 'no transaction is open');
}

/**
 * SQLite has itself rolled back after some faults (disk full, input and output), so this asks first.
 * @param {Sqlite.Database} database
 * @param {StatementCache} statements
 * @returns {undefined}
 */
function rollBack(database, statements) {
  if (database.inTransaction) runCommand(statements, 'ROLLBACK');
}

/**
 * @param {Sqlite.Database} database
 * @param {StatementCache} statements
 * @param {QueryRequest} request
 * @returns {QueryReply}
 */
function runQuery(database, statements, request) {
  if (request.within === 'transaction') assertInTransaction(database);
  const statement = statements.get(request.sql);
  if (request.within === 'read' && !statement.readonly) {
    throw new StatementFault(WRITE_IN_READ, 'database.read is for reading only; use database.write');
  }
  if (statement.reader) return packRows(/** @type {Record<string, unknown>[]} */ (statement.all(request.parameters)));
  const { changes, lastInsertRowid } = statement.run(request.parameters);
  return { columns: [], values: [], changes, lastInsertRowid };
}

/**
 * @param {readonly Record<string, unknown>[]} rows
 * @returns {QueryReply}
 */
function packRows(rows) {
  const first = rows[0];
  if (!first) return { columns: [], values: [] };
  const columns = Object.keys(first);
  const values = [];
  for (const row of rows) for (const column of columns) values.push(row[column]);
  return { columns, values };
}

/**
 * @param {Sqlite.Database} database
 * @param {StatementCache} statements
 * @param {BulkRequest} request
 * @returns {BulkReply}
 */
function runBulks(database, statements, { bulks }) {
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

/**
 * @param {StatementCache} statements
 * @param {BulkRequest['bulks']} bulks
 * @returns {BulkReply}
 */
function runOnlyBulk(statements, bulks) {
  for (const bulk of bulks) runBulk(statements, bulk);
  return {};
}

/**
 * Bulks of several callers share the transaction, and its costly commit; a savepoint keeps a bad one from spoiling the others.
 * @param {Sqlite.Database} database
 * @param {StatementCache} statements
 * @param {BulkRequest['bulks']} bulks
 * @returns {BulkReply}
 */
function runEachBulk(database, statements, bulks) {
  const faults = [];
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

/**
 * @param {StatementCache} statements
 * @param {readonly PackedStatement[]} bulk
 */
function runBulk(statements, bulk) {
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

/**
 * `VALUES (?, …)` for several rows: a call of a statement costs as much as a row. `undefined` for what is no plain insert.
 * @param {string} sql
 * @param {number} columns
 * @returns {string | undefined}
 */
function severalRows(sql, columns) {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const at = sql.indexOf(row);
  const isPlain = /\bvalues\s*$/i.test(sql.slice(0, at)) && sql.split('?').length === columns + 1;
  return at > 0 && isPlain ? sql.replace(row, Array.from({ length: ROWS_AT_ONCE }, () => row).join(', ')) : undefined;
}

/**
 * Takes pages as a batch would, gives them back and commits. The ballast itself is not written, so the disk is asked, too.
 * @param {string} file
 * @param {Sqlite.Database} database
 * @param {StatementCache} statements
 * @returns {undefined}
 */
function probe(file, database, statements) {
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

/**
 * @param {string} file
 */
function assertFreeDisk(file) {
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize < PROBE_BYTES) throw new StatementFault('SQLITE_FULL', `${bavail * bsize} bytes are free`);
}

/**
 * @param {() => void} action
 */
function tryQuietly(action) {
  try {
    action();
  } catch {
    // The fault that brought us here is the one that is reported.
  }
}

/**
 * @param {unknown} error
 * @returns {Fault}
 */
function toFault(error) {
  if (!(error instanceof Error)) return { message: String(error), code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { message: error.message, code };
}
