/** Run as a process of its own and killed: commits 100 notes in bulk and one by `write`, then leaves a transaction open. */
import { openDatabase } from '../open-database.ts';
import { INSERT_NOTE, type Notes, noteRows, notesMigration } from './notes.ts';

const directory = process.argv[2] ?? '';
const database = await openDatabase<Notes>({ name: 'notes', directory, migrations: [notesMigration] });
await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 100) }]);
await database.write((transaction) => transaction.insertInto('note').values({ id: 101, text: 'written' }).execute());
await database.write(async (transaction) => {
  await transaction.insertInto('note').values({ id: 102, text: 'never committed' }).execute();
  process.stdout.write('committed\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
