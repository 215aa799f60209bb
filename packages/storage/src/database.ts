import type { Kysely, Transaction } from 'kysely';

/** A step forward of a service's own schema. Applied once, in the order of `name`; never changed after a release. */
export interface Migration {
  /** e.g. `0001-charge-points`. */
  name: string;
  up(database: Kysely<unknown>): Promise<void>;
}

/** A statement that is executed once for each row of parameters. */
export interface BulkStatement {
  sql: string;
  rows: readonly (readonly SqlValue[])[];
}
export type SqlValue = string | number | bigint | null | Uint8Array;

/**
 * The database of one service. Work is done in a worker thread, never on the event loop that serves sockets.
 * Every promise that rejects because the store is away, full or read-only rejects with `StorageUnavailable`.
 */
export interface Database<Schema> {
  /** For reading only; goes on beside a write. Sees what was committed before the query began. */
  readonly read: Kysely<Schema>;
  /** One transaction at a time; durable when the promise resolves. Rolls back when `work` rejects, and rejects with its error. */
  write<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>;
  /** The hot path: all statements with all their rows in one transaction and one trip to the worker. Durable when it resolves. */
  bulk(statements: readonly BulkStatement[]): Promise<void>;
  /** Size of the database files in bytes, write-ahead log included. */
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

export interface OpenOptions {
  /** Names the database in logs and errors and, for SQLite, its file: `<name>.sqlite`. */
  name: string;
  /** Folder of the SQLite files; ':memory:' keeps nothing. */
  directory: string;
  migrations: readonly Migration[];
  /** SQLite `synchronous`: 'full' survives a power cut, 'normal' only a crash of the process. */
  synchronous?: 'full' | 'normal';
  limits?: StorageLimits;
  log?: {
    warn(details: object, message: string): void;
    error(details: object, message: string): void;
  };
}
