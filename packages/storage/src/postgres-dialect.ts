import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { StorageUnavailable } from './database.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { refuseStreaming } from './read-driver.ts';

/** A kysely dialect over connections that are had elsewhere. */
export class PostgresDialect implements Dialect {
  readonly #driver: Driver;
  constructor(driver: Driver) {
    this.#driver = driver;
  }
  createDriver = () => this.#driver;
  createQueryCompiler = () => new PostgresQueryCompiler();
  createAdapter = () => new PostgresAdapter();
  createIntrospector = (database: Kysely<never>): DatabaseIntrospector => new PostgresIntrospector(database);
}

/** For one `database.write`: the transaction that was begun on its connection. */
export class TransactionDriver implements Driver {
  readonly #connection: PostgresConnection;
  #ended: string | undefined;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
  }

  init = async () => {};
  destroy = async () => {};
  beginTransaction = async () => {};
  releaseConnection = async () => {};

  async acquireConnection(): Promise<DatabaseConnection> {
    return { executeQuery: (query) => this.#execute(query), streamQuery: refuseStreaming };
  }
  async commitTransaction(): Promise<void> {
    this.#assertOpen();
    await this.#connection.commit();
  }
  /** Never rejects: it would hide the error that asked for it. A connection that can't roll back is not used again. */
  async rollbackTransaction(): Promise<void> {
    if (this.#ended === undefined) await this.#connection.rollback();
  }

  /** Whatever `work` still asks for is refused. */
  end(reason: string): void {
    this.#ended = reason;
  }

  async #execute<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    this.#assertOpen();
    return (await this.#connection.query(sql, parameters)) as QueryResult<Row>;
  }

  #assertOpen(): void {
    if (this.#ended) throw new StorageUnavailable(this.#ended);
  }
}
