import { StorageUnavailable } from './database.ts';
import { TransactionConflict } from './is-conflict.ts';
import { SqlError } from './storage-errors.ts';

/** What `pg` and Node.js put into their errors. */
interface ServerFault {
  code?: string;
  message: string;
}

/** By SQLSTATE (PostgreSQL, appendix A) or errno: what an operator reads at night. `place` is `host:5432/database`. */
const UNAVAILABLE: readonly [code: RegExp, sentence: (place: string, fault: ServerFault) => string][] = [
  [
    /^53100$/,
    (place) => `disk full: PostgreSQL ${place} cannot grow; free space on its disk, storing then goes on by itself`,
  ],
  [
    /^53300$/,
    (place) =>
      `PostgreSQL ${place} has no connection left: raise its max_connections, or lower postgresql.maxConnections here; storing then goes on by itself`,
  ],
  [/^53/, (place, { message }) => `PostgreSQL ${place} is short of resources (${message}): give its machine more`],
  [
    /^25006$/,
    (place) =>
      `PostgreSQL ${place} is read-only: it is a standby, or default_transaction_read_only is on; point postgresql.url to the primary, storing then goes on by itself`,
  ],
  [/^57P03$/, (place) => `PostgreSQL ${place} is starting or stopping; storing goes on by itself when it is ready`],
  [
    /^57P0[1245]$/,
    (place) =>
      `PostgreSQL ${place} ended the connection (it is being restarted, or an administrator or a time limit ended it); storing goes on by itself`,
  ],
  [
    /^57014$/,
    (place) =>
      `PostgreSQL ${place} took too long for a query, which was given up: look for what loads or locks it (pg_stat_activity)`,
  ],
  [/^25P0[34]$/, (place) => `PostgreSQL ${place} ended a transaction that was left open; nothing of it is stored`],
  [
    /^55P03$/,
    (place) =>
      `PostgreSQL ${place}: waited too long for a lock: look for a transaction that stays open (pg_stat_activity, pg_locks)`,
  ],
  [/^58/, (place, { message }) => `PostgreSQL ${place} has trouble with its disk (${message}): look at its log`],
  [
    /^28/,
    (place, { message }) =>
      `PostgreSQL ${place} refuses the login (${message}): check user and password in postgresql.url, and pg_hba.conf`,
  ],
  [/^3D000$/, (place) => `PostgreSQL ${place}: there is no such database: create it, or correct postgresql.url`],
  [
    /^42501$/,
    (place, { message }) =>
      `PostgreSQL ${place} does not permit it (${message}): grant the user of postgresql.url CREATE on the database, or ownership of the schemas (docs/operations/postgresql.md)`,
  ],
  [
    /^(42P01|3F000)$/,
    (place, { message }) =>
      `PostgreSQL ${place} has not the tables that were there at the start (${message}): was the schema dropped or restored, or is there a pooler between that shares connections by transaction? Set it right and start the service again`,
  ],
];

const CONFLICT = /^40(001|P01)$/;
/** What `pg` says without a code when the connection goes, and when it does not come in time. */
const LOST = /connection|timeout|not queryable|cannot use a pool|SSL|certificate/i;
/** Errors of the network, TLS and name service have names (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); class 08 is the server's. */
const UNREACHABLE = /^(08|E[A-Z]{3}|[A-Z]+_)/;
const BROKEN = /^(57P0|25006|25P0[34])/;

/** The error for what `pg` rejected with. `sql` is the statement, without its parameters. */
export function toStorageError(error: unknown, place: string, sql?: string): Error {
  if (error instanceof StorageUnavailable || error instanceof SqlError) return error;
  const fault = asFault(error);
  const { code = '', message } = fault;
  if (CONFLICT.test(code))
    return new TransactionConflict(
      `PostgreSQL ${place}: transactions were in each other's way (${message}); try again`,
    );
  for (const [pattern, sentence] of UNAVAILABLE) {
    if (pattern.test(code)) return new StorageUnavailable(sentence(place, fault));
  }
  if (isUnreachable(fault)) return unreachable(place, message || code);
  return new SqlError(code, withoutValues(code, message), sql);
}

/** Whether the connection can't be used again. */
export function isConnectionLost(error: unknown): boolean {
  const fault = asFault(error);
  return isUnreachable(fault) || BROKEN.test(fault.code ?? '');
}

function isUnreachable({ code = '', message }: ServerFault): boolean {
  return UNREACHABLE.test(code) || (code === '' && LOST.test(message));
}

export function sqlStateOf(error: unknown): string | undefined {
  return asFault(error).code;
}

function unreachable(place: string, message: string): StorageUnavailable {
  return new StorageUnavailable(
    `PostgreSQL ${place} cannot be reached (${message}): is the server up, and can this machine reach it? Storing goes on by itself when it is back`,
  );
}

/** What is wrong with data (class 22) comes with the data: `invalid input syntax for type bigint: "…"`. */
function withoutValues(code: string, message: string): string {
  return code.startsWith('22') ? message.replace(/: ".*"$/s, '').replace(/^value ".*" is/s, 'value is') : message;
}

/** Several addresses that all refuse (AggregateError) have their code in the first. */
function asFault(error: unknown): ServerFault {
  if (error instanceof AggregateError && error.errors.length > 0) return asFault(error.errors[0]);
  if (!(error instanceof Error)) return { message: String(error) };
  const { message } = error;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return { message };
  // A standby says that it does not have the feature of writing.
  return { message, code: code === '0A000' && message.includes('during recovery') ? '25006' : code };
}
