/** Run as a process of its own, several at once: opens the notes of a PostgreSQL database, and says that it could. */
import { openDatabase } from '../open-database.ts';
import { type Notes, notesMigration } from './notes.ts';

const url = process.argv[2] ?? '';
const database = await openDatabase<Notes>({
  name: 'notes',
  directory: '',
  migrations: [notesMigration],
  postgresql: { url, maxConnections: 2 },
});
await database.close();
process.stdout.write('opened\n');
