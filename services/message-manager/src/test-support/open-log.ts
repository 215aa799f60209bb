import { type Database, openDatabase } from '@ocpp-csms/storage';
import { createTestPlace, type TestPlace, testEngine } from '@ocpp-csms/storage/test-support';
import { onTestFinished } from 'vitest';
import { createRecorder, type Recorder } from '../block-log/recorder.ts';
import { type LogSchema, migrations } from '../block-log/schema.ts';

type Internals = NonNullable<Parameters<typeof openDatabase>[1]>;

export interface OpenLog {
  database: Database<LogSchema>;
  recorder: Recorder;
  /** Makes the disk full at so many pages. */
  limitPages(maxPageCount: number): Promise<void>;
  /** Opens it again, as another process does. */
  openAgain(internals?: Internals): Promise<Database<LogSchema>>;
  /** For a process of its own. */
  options: TestPlace['options'];
}

/** For `skipIf`, of a test of what SQLite alone has: a limit for pages, a writer alone. */
export const sqliteOnly = testEngine === 'postgresql';

/** The log alone, in a real database of the engine that is tested. */
export async function openLog(): Promise<OpenLog> {
  const place = await createTestPlace();
  onTestFinished(() => place.remove());
  const openAgain = async (internals: Internals = {}) => {
    const database = await openDatabase<LogSchema>({ name: 'log', ...place.options, migrations }, internals);
    onTestFinished(() => database.close());
    return database;
  };
  const database = await openAgain();
  return {
    database,
    openAgain,
    options: place.options,
    recorder: createRecorder({ database, clock: testClock, onRecorded: () => undefined }),
    limitPages: async (maxPageCount) => {
      if (database.limit === undefined) throw new Error('this database knows no limits');
      await database.limit({ maxPageCount });
    },
  };
}

export const testClock = { now: () => new Date('2026-01-02T03:04:05.000Z') };
