import type { Envelope } from '@ocpp-csms/bus';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database, SqlValue } from '@ocpp-csms/storage';
import type { LogSchema } from './schema.ts';
import { insertClientSecond, insertMessage, timeOf, toRow } from './to-row.ts';

/** Clients whose last noted second is remembered. */
const maxRemembered = 50_000;

export interface Recorder {
  /** Logs each message once, all in one transaction; durable when it resolves. Rejects with `StorageUnavailable`. */
  record(batch: readonly Envelope[]): Promise<void>;
  /** To be called when seconds are deleted, so that they are noted anew when a message of them comes. */
  forgetSeconds(): void;
}

export interface RecorderOptions {
  database: Database<LogSchema>;
  clock: Clock;
  /** Told after each commit. */
  onRecorded(): void;
}

export function createRecorder({ database, clock, onRecorded }: RecorderOptions): Recorder {
  /** The last second of each client that is safely noted. What is forgotten is noted twice, which does no harm. */
  const noted = new Map<string, number>();
  const now = () => clock.now().getTime();

  function rowsOf(batch: readonly Envelope[]) {
    const messages: (readonly SqlValue[])[] = [];
    const seconds = new Map<string, number>();
    const clientSeconds: [string, number][] = [];
    for (const envelope of batch) {
      const time = timeOf(envelope, now);
      const row = toRow(envelope, time);
      messages.push(row);
      const client = row[1] as string;
      const second = Math.floor(time / 1000);
      if ((seconds.get(client) ?? noted.get(client)) === second) continue;
      seconds.set(client, second);
      clientSeconds.push([client, second]);
    }
    return { messages, seconds, clientSeconds };
  }

  function remember(seconds: ReadonlyMap<string, number>): void {
    if (noted.size + seconds.size > maxRemembered) noted.clear();
    for (const [client, second] of seconds) noted.set(client, second);
  }

  let generation = 0;

  return {
    async record(batch) {
      if (batch.length === 0) return;
      const { messages, seconds, clientSeconds } = rowsOf(batch);
      const statements = [{ sql: insertMessage, rows: messages }];
      if (clientSeconds.length > 0) statements.push({ sql: insertClientSecond, rows: clientSeconds });
      const since = generation;
      await database.bulk(statements);
      if (since === generation) remember(seconds);
      onRecorded();
    },
    forgetSeconds() {
      generation += 1;
      noted.clear();
    },
  };
}
