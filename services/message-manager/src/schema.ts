import type { Migration } from '@ocpp-csms/storage';
import { type Kysely, type RawBuilder, sql } from 'kysely';

/** One message, in the order of the columns. `null` where the envelope has no such member. */
export interface MessageRow {
  /** The order in which messages were logged. */
  seq: number;
  /** The `id` of the envelope: a message that is delivered again is not logged again. */
  id: string;
  client: string;
  /** Milliseconds since 1970. */
  message_time: number;
  direction: number;
  msg_id: string;
  action: string;
  origin: string;
  server_node: string;
  connection: number | null;
  connection_seq: number | null;
  protocol: string | null;
  tenant: string | null;
  /** JSON */
  body: string | null;
  /** JSON of the edge answer. */
  answer: string | null;
  answer_to: string | null;
  raw: string | null;
  /** JSON */
  deviations: string | null;
  dropped: string | null;
  /** JSON of the rare members, and of those whose column cannot hold them exactly. */
  extra: string | null;
}

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
    msg_id TEXT NOT NULL,
    action TEXT NOT NULL,
    origin TEXT NOT NULL,
    server_node TEXT NOT NULL,
    connection INTEGER,
    connection_seq INTEGER,
    protocol TEXT,
    tenant TEXT,
    body TEXT,
    answer TEXT,
    answer_to TEXT,
    raw TEXT,
    deviations TEXT,
    dropped TEXT,
    extra TEXT
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
