import type { Migration } from '@ocpp-csms/storage';
import { type Kysely, type RawBuilder, sql } from 'kysely';

/** One message: the envelope as JSON, and beside it what is searched by. Each column costs on the way to the database. */
export interface MessageRow {
  /** The order in which messages were logged. */
  seq: number;
  /** The `id` of the envelope: a message that is delivered again is not logged again. */
  id: string;
  client: string;
  /** Milliseconds since 1970. */
  message_time: number;
  direction: number;
  action: string;
  /** The sum of those of `marks` that hold. */
  marks: number;
  answer_to: string | null;
  /** JSON of the envelope, as it came. */
  content: string;
}

/** What may be asked for and is yes or no. */
export const marks = {
  /** We spoke. */
  fromServer: 1,
  /** An error, a CALL answered with one, not readable, dropped. */
  error: 2,
  deviations: 4,
  dropped: 8,
} as const;

/**
 * In which seconds there are messages of a client. Instead of an index of messages by client: with many clients each
 * message would change a page of its own (measured: +8 µs of CPU a message); this is one row for all messages of a second.
 */
export interface ClientSecondRow {
  client: string;
  /** Seconds since 1970. */
  second: number;
}

export interface LogSchema {
  messages: MessageRow;
  client_seconds: ClientSecondRow;
}

const statements: readonly RawBuilder<unknown>[] = [
  sql`CREATE TABLE messages (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    message_time INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    action TEXT NOT NULL,
    marks INTEGER NOT NULL,
    answer_to TEXT,
    content TEXT NOT NULL
  )`,
  // Grows at its end, which is cheap; the client in it lets the messages of one client be told without reading rows.
  sql`CREATE INDEX messages_by_time ON messages (message_time, client)`,
  sql`CREATE INDEX messages_by_answer_to ON messages (answer_to) WHERE answer_to IS NOT NULL`,
  sql`CREATE TABLE client_seconds (
    client TEXT NOT NULL,
    second INTEGER NOT NULL,
    PRIMARY KEY (client, second)
  ) WITHOUT ROWID`,
];

async function createLogTables(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}

export const migrations: readonly Migration[] = [{ name: '0001-messages', up: createLogTables }];
