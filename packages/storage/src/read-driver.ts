import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** For `database.read`: every query on its own, no transactions. */
export class ReadDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(run: (query: CompiledQuery) => Promise<QueryResult<unknown>>) {
    this.#connection = {
      executeQuery: (query) => run(query) as Promise<QueryResult<never>>,
      streamQuery: refuseStreaming,
    };
  }

  init = async () => {};
  destroy = async () => {};
  acquireConnection = async () => this.#connection;
  releaseConnection = async () => {};
  commitTransaction = async () => {};
  rollbackTransaction = async () => {};
  async beginTransaction(): Promise<void> {
    throw new Error('database.read has no transactions; use database.write');
  }
}

export function refuseStreaming(): never {
  throw new Error('There are no streams here: read in pages (where id > last … limit n)');
}
