import type { SqlValue } from './database.ts';

/** What a worker needs to open its connection, and to open it again after a fault. */
export interface ConnectionSettings {
  /** Path of the file, or ':memory:'. */
  file: string;
  access: 'write' | 'read';
  synchronous: 'full' | 'normal';
  /** SQLite `max_page_count`; absent: no limit. */
  maxPageCount?: number;
}

/**
 * The rows of one statement in one flat array: the cheapest shape for a structured clone, which would
 * otherwise write a header for every row. Row `n` is `values[n * columns … (n + 1) * columns]`.
 */
export interface PackedStatement {
  sql: string;
  rowCount: number;
  columns: number;
  values: readonly SqlValue[];
}

export interface QueryRequest {
  kind: 'query';
  sql: string;
  parameters: readonly unknown[];
  /** 'transaction': only while one is open; 'read': only statements that change nothing. */
  within: 'transaction' | 'read';
}

export interface BulkRequest {
  kind: 'bulk';
  /** All in one transaction; one that fails is undone alone. */
  bulks: readonly (readonly PackedStatement[])[];
}

export type WorkerRequest =
  | QueryRequest
  | BulkRequest
  | { kind: 'begin' | 'commit' | 'rollback' | 'probe' | 'close' }
  | { kind: 'limit'; maxPageCount: number };

/** An error that can be cloned between threads. */
export interface Fault {
  message: string;
  /** SQLite's extended code by name, e.g. `SQLITE_CONSTRAINT_UNIQUE`; empty when the fault is not SQLite's. */
  code: string;
}

/** Rows in one flat array again. Row `n` is `values[n * columns.length …]`. */
export interface QueryReply {
  columns: readonly string[];
  values: readonly unknown[];
  /** Absent for statements that return rows. */
  changes?: number;
  lastInsertRowid?: number | bigint;
}

/** For each bulk its fault or `undefined`; absent when all succeeded. */
export interface BulkReply {
  faults?: readonly (Fault | undefined)[];
}

export interface ReplyOf {
  query: QueryReply;
  bulk: BulkReply;
  begin: undefined;
  commit: undefined;
  rollback: undefined;
  probe: undefined;
  close: undefined;
  limit: undefined;
}

export interface NumberedRequest {
  id: number;
  request: WorkerRequest;
}
export type NumberedReply = { id: number; reply: unknown } | { id: number; fault: Fault };
