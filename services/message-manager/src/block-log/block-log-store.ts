import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import { databaseOptions, openDatabase } from '@ocpp-csms/storage';
import { InvalidCursor, type LogStore } from '../log-store.ts';
import { exportMessages } from './export-messages.ts';
import { findMessage } from './find-messages.ts';
import { createLogIndex } from './log-index.ts';
import { pairAnswers } from './pair-answers.ts';
import { createRecorder } from './recorder.ts';
import { createRetention } from './retention.ts';
import { type LogSchema, migrations } from './schema.ts';
import { search } from './search.ts';
import { readStatistics } from './statistics.ts';
import { newestSeq, readTail, seqOf } from './tail.ts';
import type { Position } from './window.ts';

export interface BlockLogOptions {
  settings: Settings;
  log: Log;
  clock: Clock;
  /** Where `message-manager.sqlite` is, or is made. */
  directory: string;
  /** Told after each commit. */
  onRecorded(): void;
}

/** The log in blocks (docs/decisions/0005-log-in-blocks.md), in the database of `storage.driver`. */
export async function openBlockLog({
  settings,
  log,
  clock,
  directory,
  onRecorded,
}: BlockLogOptions): Promise<LogStore> {
  const options = databaseOptions(settings, directory);
  const database = await openDatabase<LogSchema>({ name: 'message-manager', ...options, migrations, log });
  const logIndex = createLogIndex({ database, log });
  const recorder = createRecorder({
    database,
    clock,
    onRecorded: () => {
      onRecorded();
      logIndex.committed();
    },
  });
  const { retentionDays, maxMegabytes } = settings.messageManager;
  const retention = createRetention({ database, clock, log, retentionDays, maxMegabytes });
  const { read } = database;
  return {
    tailRestMs: 50,
    start() {
      logIndex.start();
      retention.start();
    },
    record: (batch) => recorder.record(batch),
    catchUp: () => logIndex.update(),
    search: async ({ after, ...request }) =>
      search(read, { ...request, ...(after === undefined ? {} : { after: positionFrom(after) }) }).then(
        ({ next, ...page }) => ({ ...page, ...(next === undefined ? {} : { next: cursorOf(next) }) }),
      ),
    async find(id) {
      const line = await findMessage(read, id);
      return line === undefined ? undefined : (await pairAnswers(read, [line]))[0];
    },
    export: (filter, order) => exportMessages(read, filter, order),
    newest: () => newestSeq(read),
    placeOf: (id) => seqOf(read, id),
    tail: (filter, after) => readTail(read, filter, Number(after)),
    statistics: () => readStatistics(database),
    probe: () => database.probe(),
    async stop() {
      await logIndex.stop();
      await retention.stop();
      await database.close();
    },
  };
}

const cursorOf = ({ time, client, seq }: Position): unknown => [time, client, seq];

function positionFrom(cursor: unknown): Position {
  const [time, client, seq] = Array.isArray(cursor) ? (cursor as unknown[]) : [];
  if (Number.isSafeInteger(time) && typeof client === 'string' && Number.isSafeInteger(seq)) {
    return { time: time as number, client, seq: seq as number };
  }
  throw new InvalidCursor('not a position in the log');
}
