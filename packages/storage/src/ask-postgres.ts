import pg from 'pg';
import { toStorageError } from './postgres-errors.ts';
import { placeOf } from './postgres-pool.ts';

const TIMEOUT_MS = 10_000;

/** A few questions on a connection of their own. Rejects with our errors. */
export async function askPostgres<Answer>(
  url: string,
  ask: (client: pg.Client, place: string) => Promise<Answer>,
): Promise<Answer> {
  const place = placeOf(url);
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    // Without a listener, a connection that goes would end the process. The next query says so.
    client.on('error', () => undefined);
    await client.connect();
    return await ask(client, place);
  } catch (error) {
    throw toStorageError(error, place);
  } finally {
    await client?.end().catch(() => undefined);
  }
}
