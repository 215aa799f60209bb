import type { Kysely, Transaction } from 'kysely';

/** A step forward of a service's own schema. Applied once, in the order of `name`; never changed after a release. */
export interface Migration {
  /** e.g. `0001-charge-points`. */
  name: string;
  /**
   * In SQL that both engines understand; `engine` is for what only one of them has. On PostgreSQL the text columns are
   * made to compare byte by byte afterwards, as they do in SQLite.
   */
  up(database: Kysely<unknown>, engine: Engine): Promise<void>;
}

export type Engine = 'sqlite' | 'postgresql';

/** A statement that is executed once for each row of parameters. */
export interface BulkStatement {
  sql: string;
  rows: readonly (readonly SqlValue[])[];
}
export type SqlValue = string | number | bigint | null | Uint8Array;

/** What a `write` gets along with. Only PostgreSQL, which several processes may write at once, looks at it. */
export interface WriteOptions {
  /**
   * Absent: nobody else writes meanwhile, in no process, as with SQLite; what is read stays true until the commit.
   * Given: others write at the same time, except those that name one of these keys (such as a networkId). For hot
   * paths, whose every other read-modify-write is safe by a unique key, an upsert or a row lock.
   */
  beside?: readonly string[];
  /** `false`: `work` can't be run again after a deadlock; the write rejects with `StorageUnavailable`. */
  repeatable?: boolean;
}

/**
 * The database of one service. SQLite works in a worker thread, never on the event loop that serves sockets.
 * Every promise that rejects because the store is away, full or read-only rejects with `StorageUnavailable`.
 */
export interface Database<Schema> {
  /** For the rare statement that only one engine has. */
  readonly engine: Engine;
  /** For reading only; goes on beside a write. Sees what was committed before the query began. */
  readonly read: Kysely<Schema>;
  /**
   * One transaction at a time (but see `WriteOptions.beside`); durable when the promise resolves. Rolls back when `work`
   * rejects, and rejects with its error. After a statement that failed, nothing more can be done in the transaction.
   * `work` may be run again, from the start, after a deadlock.
   */
  write<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>, options?: WriteOptions): Promise<Result>;
  /**
   * The hot path: all statements with all their rows in one transaction and one trip. Durable when it resolves.
   * Other bulks and writes may go on at the same time, as with `WriteOptions.beside`; without it, no key is named.
   */
  bulk(statements: readonly BulkStatement[], options?: Pick<WriteOptions, 'beside'>): Promise<void>;
  /** Size in bytes: of the files with the write-ahead log, or of the tables with their indexes. */
  sizeInBytes(): Promise<number>;
  /** Can it be written now? Resolves, or rejects with `StorageUnavailable`. */
  probe(): Promise<void>;
  /** Changes the limits of `OpenOptions` while open. Drivers without such limits leave it out. */
  limit?(limits: StorageLimits): Promise<void>;
  /** Ends what is under way, checkpoints and closes. What comes later rejects with `StorageUnavailable`. */
  close(): Promise<void>;
}

export interface StorageLimits {
  /** SQLite `max_page_count`, in pages of 8 KiB: past it the database is full, as if the disk were. */
  maxPageCount: number;
}

/** The store is away, full or read-only: nothing was written, try again later. `transient` is what the bus looks at. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
  readonly transient = true;
}

export interface PostgresOptions {
  /** `postgresql://user:password@host:5432/database`. Never logged. */
  url: string;
  /** Connections, at least 2: of each database that is opened. */
  maxConnections: number;
}

export interface OpenOptions {
  /** Names the database in logs and errors, the SQLite file (`<name>.sqlite`) and the PostgreSQL schema (`-` as `_`). */
  name: string;
  /** Folder of the SQLite files; ':memory:' keeps nothing. */
  directory: string;
  migrations: readonly Migration[];
  /** Given: a schema of this PostgreSQL database is used, and no file. */
  postgresql?: PostgresOptions;
  /** 'full' survives a power cut, 'normal' only a crash of the process (SQLite `synchronous`, PostgreSQL `synchronous_commit`). */
  synchronous?: 'full' | 'normal';
  limits?: StorageLimits;
  log?: {
    warn(details: object, message: string): void;
    error(details: object, message: string): void;
  };
}
