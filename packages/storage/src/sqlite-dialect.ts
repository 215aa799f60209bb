import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { StorageUnavailable } from './database.ts';
import { ReadDriver, refuseStreaming } from './read-driver.ts';
import type { SqliteThread } from './sqlite-thread.ts';
import type { Turns } from './turns.ts';
import type { QueryReply } from './worker-protocol.ts';

/** A kysely dialect over connections that live elsewhere. */
export class ThreadDialect implements Dialect {
  readonly #driver: Driver;
  constructor(driver: Driver) {
    this.#driver = driver;
  }
  createDriver = () => this.#driver;
  createQueryCompiler = () => new SqliteQueryCompiler();
  createAdapter = () => new ThreadAdapter();
  createIntrospector = (database: Kysely<never>): DatabaseIntrospector => new SqliteIntrospector(database);
}

/** Queries are pipelined to the worker and transactions take turns (`Turns`): kysely's own lock would only add waiting. */
class ThreadAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** For `database.write`, which sees to it that there is one transaction at a time. */
export class WriteDriver implements Driver {
  readonly #thread: SqliteThread;
  #current: TransactionConnection | undefined;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  init = async () => {};
  destroy = async () => {};
  releaseConnection = async () => {};

  async acquireConnection(): Promise<DatabaseConnection> {
    this.#current = new TransactionConnection(this.#thread);
    return this.#current;
  }
  async beginTransaction(): Promise<void> {
    await this.#thread.request({ kind: 'begin' });
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof TransactionConnection) connection.assertOpen();
    await this.#thread.request({ kind: 'commit' });
  }
  /** Never rejects: it would hide the error that asked for it, and the next transaction begins with a roll-back anyway. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (connection === this.#current) await this.#thread.request({ kind: 'rollback' }).catch(() => {});
  }

  /** Rolls the transaction under way back; whatever its `work` still asks for is refused. */
  async abort(reason: string): Promise<void> {
    this.#current?.end(reason);
    this.#current = undefined;
    await this.#thread.request({ kind: 'rollback' }).catch(() => {});
  }
}

class TransactionConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;
  #ended: string | undefined;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  end(reason: string): void {
    this.#ended = reason;
  }

  assertOpen(): void {
    if (this.#ended) throw new StorageUnavailable(this.#ended);
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    this.assertOpen();
    return (await runQuery(this.#thread, query, 'transaction')) as QueryResult<Row>;
  }

  streamQuery = refuseStreaming;
}

/** `turns` only where reader and writer share a connection (in memory): a read waits until no transaction is open. */
export function createReadDriver(thread: SqliteThread, turns?: Turns): ReadDriver {
  const execute = (query: CompiledQuery) => runQuery(thread, query, 'read');
  return new ReadDriver((query) => (turns ? turns.run(() => execute(query)) : execute(query)));
}

async function runQuery(
  thread: SqliteThread,
  { sql, parameters }: CompiledQuery,
  within: 'transaction' | 'read',
): Promise<QueryResult<Record<string, unknown>>> {
  const reply = await thread.request({ kind: 'query', sql, parameters: parameters.map(toSqlValue), within });
  const rows = unpackRows(reply);
  if (reply.changes === undefined) return { rows };
  return { rows, numAffectedRows: BigInt(reply.changes), insertId: BigInt(reply.lastInsertRowid ?? 0) };
}

/** SQLite has no booleans: they rest as 1 and 0. */
function toSqlValue(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

function unpackRows({ columns, values }: QueryReply): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  for (let at = 0; at < values.length; at += columns.length) {
    const row: Record<string, unknown> = {};
    for (const [index, column] of columns.entries()) row[column] = values[at + index];
    rows.push(row);
  }
  return rows;
}
