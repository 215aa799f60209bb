import type { QueryResult } from 'kysely';
import type { PoolClient } from 'pg';
import { StorageUnavailable } from './database.ts';
import { isConnectionLost, sqlStateOf, toStorageError } from './postgres-errors.ts';
import { encodeValue } from './postgres-values.ts';

/** A connection taken from the pool, with our values and our errors. */
export class PostgresConnection {
  readonly #client: PoolClient;
  readonly #place: string;
  #broken = false;
  /** The first statement that failed: what a transaction failed for, whatever its `work` makes of that. */
  #failure: Error | undefined;
  #sqlState: string | undefined;

  constructor(client: PoolClient, place: string) {
    this.#client = client;
    this.#place = place;
    // Without a listener, a connection that goes between two queries would end the process. The next query says so.
    client.on('error', this.#noteLoss);
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** SQLSTATE of `failure`, when the server had one. */
  get sqlState(): string | undefined {
    return this.#sqlState;
  }

  get isBroken(): boolean {
    return this.#broken;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Record<string, unknown>>> {
    try {
      const { command, rowCount, rows } = await this.#client.query(sql, parameters.map(encodeValue));
      if (command === 'SELECT') return { rows };
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      throw this.#failed(error, sql);
    }
  }

  /** Statements without parameters, several at once. */
  async run(sql: string): Promise<void> {
    try {
      await this.#client.query(sql);
    } catch (error) {
      throw this.#failed(error, sql);
    }
  }

  /** After a statement that failed, PostgreSQL answers `commit` with a rollback, and no error. */
  async commit(): Promise<void> {
    try {
      const { command } = await this.#client.query('commit');
      if (command !== 'ROLLBACK') return;
    } catch (error) {
      const { message } = this.#failed(error, 'commit');
      if (!this.#broken) throw this.#failure;
      throw new StorageUnavailable(`${message}. Whether the last transaction was stored is not known`);
    }
    throw this.#failure ?? new StorageUnavailable(`PostgreSQL ${this.#place}: the transaction was rolled back`);
  }

  async rollback(): Promise<void> {
    try {
      await this.#client.query('rollback');
    } catch {
      this.#broken = true;
    }
  }

  /** Back to the pool, or closed for good when it is broken or `abandon` says so: the server then rolls back. */
  release(abandon = false): void {
    this.#client.off('error', this.#noteLoss);
    if (abandon) destroySocket(this.#client);
    this.#client.release(abandon || this.#broken);
  }

  #noteLoss = (): void => {
    this.#broken = true;
  };

  #failed(error: unknown, sql: string): Error {
    if (isConnectionLost(error)) this.#broken = true;
    const failure = toStorageError(error, this.#place, sql);
    if (this.#failure === undefined) {
      this.#failure = failure;
      this.#sqlState = sqlStateOf(error);
    }
    return failure;
  }
}

/** `end` would wait for what is under way. `pg` has no public way to do this. */
function destroySocket(client: PoolClient): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
}
