import type { Envelope } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { LoggedMessage } from './message.ts';
import { openLogStore } from './open-log-store.ts';

export interface MessageArchiveOptions {
  settings: Settings;
  log: Log;
  clock: Clock;
  /** Where `message-manager.sqlite` is, or is made, when the log is in SQLite. */
  directory: string;
}

/** Messages of other days lie in many small blocks: more of them without an index would make each next batch slower. */
const messagesPerCatchUp = 5000;

/** The message log as a whole, to be moved: whatever store the settings choose. */
export interface MessageArchive {
  isEmpty(): Promise<boolean>;
  /** All messages as they were logged, the oldest first, some hundred at a time. */
  read(): AsyncIterable<Envelope[]>;
  /** Logs each message once, by its `id`; durable when it resolves. */
  record(batch: readonly Envelope[]): Promise<void>;
  /** To be called after the last batch. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the log beside the service. Nothing is deleted meanwhile: retention begins with the service. */
export async function openMessageArchive(options: MessageArchiveOptions): Promise<MessageArchive> {
  const store = await openLogStore({ ...options, onRecorded: () => undefined });
  let recorded = 0;
  return {
    isEmpty: async () => (await store.statistics()).oldest === null,
    async *read() {
      await store.catchUp();
      for await (const lines of store.export({ conditions: [] }, 'asc'))
        yield lines.split('\n').flatMap((line) => (line === '' ? [] : envelopeOf(JSON.parse(line))));
    },
    async record(batch) {
      await store.record(batch);
      recorded += batch.length;
      if (recorded < messagesPerCatchUp) return;
      recorded = 0;
      await store.catchUp();
    },
    finish: () => store.catchUp(),
    close: () => store.stop(),
  };
}

/** Without what reading added: an answer that has an id is a message of its own. */
function envelopeOf({ latencyMs: _, answer, ...message }: LoggedMessage): Envelope {
  if (answer === undefined || answer.id !== undefined) return message;
  return { ...message, answer: answer as Envelope['answer'] & object };
}
