import { dirname } from 'node:path';
import { StorageUnavailable } from './database.ts';
import { TRANSACTION_GONE } from './worker-constants.js';
import type { Fault } from './worker-protocol.ts';

const CONSTRAINTS: readonly [code: RegExp, constraint: Constraint][] = [
  [/^(SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)|23505)$/, 'unique'],
  [/^(SQLITE_CONSTRAINT_NOTNULL|23502)$/, 'not-null'],
  [/^(SQLITE_CONSTRAINT_FOREIGNKEY|23503)$/, 'foreign-key'],
  [/^(SQLITE_CONSTRAINT_CHECK|23514)$/, 'check'],
];

export type Constraint = 'unique' | 'not-null' | 'foreign-key' | 'check';

/**
 * The database refused a statement. `code` is its own: SQLite's extended code by name (`SQLITE_CONSTRAINT_UNIQUE`), or
 * PostgreSQL's SQLSTATE (`23505`). `constraint` is the same for both.
 */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly code: string;
  /** The statement without its parameters, which may be secret. */
  readonly sql: string | undefined;
  constructor(code: string, message: string, sql?: string) {
    super(message);
    this.code = code;
    this.sql = sql;
  }

  /** The kind of constraint that was broken, if it was one. */
  get constraint(): Constraint | undefined {
    return CONSTRAINTS.find(([code]) => code.test(this.code))?.[1];
  }
}

/** What an operator reads at night: which file, what is wrong with it, what to do. */
const UNAVAILABLE: readonly [code: RegExp, sentence: (file: string, code: string) => string][] = [
  [
    /^SQLITE_FULL/,
    (file) => `disk full: ${file} cannot grow; free space on ${dirname(file)}, storing then goes on by itself`,
  ],
  [
    /^SQLITE_READONLY/,
    (file) =>
      `${file} is read-only: let the user of this process write the file and its folder, and check that the disk is mounted for writing`,
  ],
  [
    /^SQLITE_(CANTOPEN|PERM|AUTH)/,
    (file) =>
      `${file} cannot be opened: check that ${dirname(file)} exists and that the user of this process may write there`,
  ],
  [
    /^SQLITE_(BUSY|LOCKED|PROTOCOL)/,
    (file) =>
      `${file} is locked by another program: stop the backup, shell or second process that uses it, storing then goes on by itself`,
  ],
  [
    /^SQLITE_IOERR/,
    (file, code) =>
      `${file} cannot be read or written (${code}): check the disk, its mount and its free space, storing then goes on by itself`,
  ],
  [
    new RegExp(`^${TRANSACTION_GONE}$`),
    (file) => `${file}: the transaction was rolled back after an earlier fault; nothing of it is stored`,
  ],
  [/^SQLITE_NOMEM/, (file) => `out of memory while working on ${file}: give the machine or the container more`],
];

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** The error for a fault that a worker reported. */
export function toError(fault: Fault, file: string, sql?: string): Error {
  for (const [code, sentence] of UNAVAILABLE) {
    if (code.test(fault.code)) return new StorageUnavailable(sentence(file, fault.code));
  }
  if (DAMAGED.test(fault.code)) return new SqlError(fault.code, damaged(file, fault), sql);
  return new SqlError(fault.code, fault.message, sql);
}

function damaged(file: string, { code, message }: Fault): string {
  return `${file} is damaged or is no database (${code}: ${message}): stop the service, keep a copy of the file and its -wal, restore a backup`;
}
