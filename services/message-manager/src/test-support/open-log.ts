import { type Database, openDatabase } from '@ocpp-csms/storage';
import { onTestFinished } from 'vitest';
import { createRecorder, type Recorder } from '../block-log/recorder.ts';
import { type LogSchema, migrations } from '../block-log/schema.ts';
import { temporaryFolder } from './system.ts';

export interface OpenLog {
  database: Database<LogSchema>;
  recorder: Recorder;
  /** Makes the disk full at so many pages. */
  limitPages(maxPageCount: number): Promise<void>;
}

/** The log alone, in a real SQLite file. */
export async function openLog(): Promise<OpenLog> {
  const directory = await temporaryFolder();
  const database = await openDatabase<LogSchema>({ name: 'log', directory, migrations });
  onTestFinished(() => database.close());
  const clock = { now: () => new Date('2026-01-02T03:04:05.000Z') };
  return {
    database,
    recorder: createRecorder({ database, clock, onRecorded: () => undefined }),
    limitPages: async (maxPageCount) => {
      if (database.limit === undefined) throw new Error('this database knows no limits');
      await database.limit({ maxPageCount });
    },
  };
}
