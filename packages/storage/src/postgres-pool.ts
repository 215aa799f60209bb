import pg from 'pg';
import type { OpenOptions, PostgresOptions } from './database.ts';
import { toStorageError } from './postgres-errors.ts';
import { getTypeParser } from './postgres-values.ts';

export interface PoolOptions extends Pick<OpenOptions, 'log'> {
  postgresql: PostgresOptions;
  /** Name of the schema, as it is. */
  schema: string;
  synchronous: 'full' | 'normal';
  /** How long a query may take. */
  timeoutMs: number;
  /** How long a connection may take to come. */
  connectTimeoutMs: number;
  /** How long a transaction may stand still between two statements. */
  idleInTransactionMs: number;
}

const IDLE_MS = 60_000;
/** A server that another address took over, or a balancer, is noticed at the latest then. */
const LIFETIME_SECONDS = 1800;
/** So much longer than the server's own limit, for when it is not heard of any more. */
const GRACE_MS = 5000;

/** The pool of one database. Its connections read only, unless a transaction says otherwise. */
export function createPool(options: PoolOptions): pg.Pool {
  const { postgresql, timeoutMs, connectTimeoutMs, log } = options;
  const place = placeOf(postgresql.url);
  const pool = new pg.Pool({
    connectionString: postgresql.url,
    max: Math.max(postgresql.maxConnections, 2),
    fallback_application_name: `ocpp-csms ${options.schema}`,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    keepAlive: true,
    query_timeout: timeoutMs + GRACE_MS,
    // Queries of one transaction go out without waiting for the answers of those before.
    pipeline: true,
    types: { getTypeParser: getTypeParser as pg.CustomTypesConfig['getTypeParser'] },
    onConnect: (client) => prepare(client, options),
  });
  // A connection that nobody uses has gone. The next query opens another.
  pool.on('error', (error) => {
    log?.warn(
      { place, reason: toStorageError(error, place).message },
      'A connection to PostgreSQL was lost; the next query opens another',
    );
  });
  return pool;
}

/** `host:5432/database`, for logs and errors: never with the password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    const host = hostname || searchParams.get('host') || 'localhost';
    return `${decodeURIComponent(host)}:${port || '5432'}${decodeURIComponent(pathname)}`;
  } catch {
    return '(postgresql.url is no URL)';
  }
}

/** A trip for each new connection. Not in the start-up packet: poolers refuse what they do not know there. */
async function prepare(
  client: pg.ClientBase,
  { schema, synchronous, timeoutMs, connectTimeoutMs, idleInTransactionMs }: PoolOptions,
): Promise<void> {
  const settings = {
    search_path: `"${schema}"`,
    default_transaction_read_only: 'on',
    default_transaction_isolation: 'read committed',
    statement_timeout: timeoutMs,
    // Before the other, which would not say what it was.
    lock_timeout: Math.floor(timeoutMs * 0.9),
    // A process that is paused, or a machine that is gone, lets go of its locks.
    idle_in_transaction_session_timeout: idleInTransactionMs,
    bytea_output: 'hex',
    client_min_messages: 'warning',
    extra_float_digits: 1,
  };
  const assignments = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  const text = `select ${assignments.join(', ')}, ${commitSetting(synchronous)}`;
  // Part of connecting, and as quick: `pg` knows the option, its types do not.
  const query: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: connectTimeoutMs };
  await client.query(query);
}

/** An administrator who wants more than `on` (remote_apply) gets more. */
function commitSetting(synchronous: 'full' | 'normal'): string {
  if (synchronous === 'normal') return `set_config('synchronous_commit', 'off', false)`;
  return `set_config('synchronous_commit',
    case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, false)`;
}
