import { type Database, openDatabase } from '@ocpp-csms/storage';
import { emptyTables, type TestPlace } from '@ocpp-csms/storage/test-support';
import { migrations } from '../migrations/index.ts';
import type { SessionSchema } from '../schema.ts';

/** The service has read these when it was started. */
const kept = ['installation', 'migration'];

/** Empties the tables of a service that runs. Its connection is opened when it is first needed. */
export function createEraser(place: TestPlace) {
  let opened: Promise<Database<SessionSchema>> | undefined;
  return {
    async erase() {
      opened ??= openDatabase<SessionSchema>({ name: 'session', ...place.options, migrations });
      await emptyTables(await opened, kept);
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
