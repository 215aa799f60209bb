import { spawn } from 'node:child_process';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database, OpenOptions } from './database.ts';
import { type OpenInternals, openDatabase } from './open-database.ts';
import { startSqliteWorker } from './sqlite-thread.ts';
import { INSERT_NOTE, type Notes, noteRows, notesMigration, temporaryFolder } from './test-support/notes.ts';
import { createTestPlace, postgresMissing, type TestPlace } from './test-support/test-place.ts';

let folder: ReturnType<typeof temporaryFolder>;
let databases: Database<Notes>[];

beforeEach(() => {
  folder = temporaryFolder();
  databases = [];
});
afterEach(async () => {
  await Promise.all(databases.map((database) => database.close()));
  folder.remove();
});

async function open(options: Partial<OpenOptions> = {}, internals?: OpenInternals): Promise<Database<Notes>> {
  const database = await openDatabase<Notes>(
    { name: 'notes', directory: folder.path, migrations: [notesMigration], ...options },
    internals,
  );
  databases.push(database);
  return database;
}

async function ids(database: Database<Notes>): Promise<number[]> {
  const rows = await database.read.selectFrom('note').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

const unavailable = { name: 'StorageUnavailable', transient: true };

const missing = await postgresMissing();
if (missing !== undefined) process.stderr.write(`\nNOT TESTED on PostgreSQL: ${missing}\n\n`);
const engines = [
  { where: 'in a file' },
  { where: 'in memory' },
  ...(missing === undefined ? [{ where: 'on PostgreSQL' }] : []),
];

describe.each(engines)('a database $where', ({ where }) => {
  const inMemory = where === 'in memory';
  const onPostgres = where === 'on PostgreSQL';
  let place: TestPlace | undefined;
  const openHere = async (internals?: OpenInternals) => {
    if (onPostgres) place = await createTestPlace('postgresql');
    return open(place?.options ?? (inMemory ? { directory: ':memory:' } : {}), internals);
  };
  afterEach(async () => {
    await Promise.all(databases.splice(0).map((database) => database.close()));
    await place?.remove();
  });

  it('reads what was written', async () => {
    const database = await openHere();
    const result = await database.write((transaction) =>
      transaction
        .insertInto('note')
        .values({ id: 7, text: 'ü', bytes: Uint8Array.from([0, 255]) })
        .executeTakeFirst(),
    );
    expect(result).toMatchObject({ numInsertedOrUpdatedRows: 1n });
    const row = await database.read.selectFrom('note').selectAll().executeTakeFirst();
    expect(row).toEqual({ id: 7, text: 'ü', bytes: Uint8Array.from([0, 255]) });
    expect(await database.read.selectFrom('note').selectAll().where('id', '=', 8).execute()).toEqual([]);
  });

  it('rolls back when the work rejects, and passes its error on', async () => {
    const database = await openHere();
    const failing = database.write(async (transaction) => {
      await transaction.insertInto('note').values({ id: 1, text: 'a' }).execute();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await ids(database)).toEqual([]);
  });

  it('passes constraint errors on with their code, and goes on', async () => {
    const database = await openHere();
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 1) }]);
    const twin = { id: 2, text: 'note 1' };
    const writing = database.write((transaction) => transaction.insertInto('note').values(twin).execute());
    await expect(writing).rejects.toMatchObject({ name: 'SqlError', constraint: 'unique' });
    const bulk = database.bulk([{ sql: INSERT_NOTE, rows: [[1, 'other']] }]);
    await expect(bulk).rejects.toMatchObject({ name: 'SqlError', constraint: 'unique' });
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(3, 1) }]);
    expect(await ids(database)).toEqual([1, 3]);
  });

  it('lets writes take turns, and a read see none that is open', async () => {
    const database = await openHere();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const write = (name: string, id: number) =>
      database.write(async (transaction) => {
        order.push(`${name} begins`);
        await transaction.insertInto('note').values({ id, text: name }).execute();
        await gate.promise;
        order.push(`${name} ends`);
      });
    const writing = [write('a', 1), write('b', 2), database.bulk([{ sql: INSERT_NOTE, rows: [[3, 'c']] }])];
    await sleep(50);
    const reading = ids(database);
    // In memory the reader shares the writer's connection and waits; beside a file it goes on.
    if (!inMemory) expect(await reading).toEqual([]);
    gate.resolve();
    await Promise.all(writing);
    expect(await reading).toEqual(inMemory ? [1, 2, 3] : []);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(await ids(database)).toEqual([1, 2, 3]);
  });

  it('stores 10,000 rows in one bulk, and nothing when one of them is bad', async () => {
    const database = await openHere();
    const rows = noteRows(1, 10_000);
    await expect(database.bulk([{ sql: INSERT_NOTE, rows: [...rows, [1, 'twin']] }])).rejects.toMatchObject({
      constraint: 'unique',
    });
    expect(await ids(database)).toEqual([]);
    await database.bulk([{ sql: INSERT_NOTE, rows }]);
    expect((await ids(database)).length).toBe(10_000);
  });

  it('runs several statements of a bulk in order, without parameters too', async () => {
    const database = await openHere();
    await database.bulk([
      { sql: INSERT_NOTE, rows: noteRows(1, 3) },
      { sql: 'DELETE FROM note', rows: [[]] },
      { sql: INSERT_NOTE, rows: [[9, null]] },
      { sql: INSERT_NOTE, rows: [] },
    ]);
    await database.bulk([]);
    expect(await ids(database)).toEqual([9]);
  });

  it('shares a commit between bulks, and fails only the bad one', async () => {
    const database = await openHere();
    const bulks = [noteRows(1, 2), noteRows(3, 2), [[5, 'five'] as const, [1, 'twin'] as const], noteRows(6, 2)];
    const outcomes = await Promise.allSettled(bulks.map((rows) => database.bulk([{ sql: INSERT_NOTE, rows }])));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await ids(database)).toEqual([1, 2, 3, 4, 6, 7]);
  });

  it('takes a Buffer that is a piece of a larger one', async () => {
    const database = await openHere();
    const piece = Buffer.from('abcdef').subarray(2, 4);
    await database.bulk([{ sql: 'INSERT INTO note (id, bytes) VALUES (?, ?)', rows: [[1, piece]] }]);
    const row = await database.read.selectFrom('note').select('bytes').executeTakeFirstOrThrow();
    expect(row.bytes).toEqual(Uint8Array.from(piece));
  });

  it('refuses rows of different lengths and statements that write in `read`', async () => {
    const database = await openHere();
    await expect(database.bulk([{ sql: INSERT_NOTE, rows: [[1, 'a'], [2]] }])).rejects.toThrow(RangeError);
    const insert = database.read.insertInto('note').values({ id: 1, text: 'a' });
    await expect(insert.execute()).rejects.toThrow('database.read is for reading only');
    await expect(database.read.transaction().execute(async () => {})).rejects.toThrow('use database.write');
    expect(await ids(database)).toEqual([]);
  });

  it('is full at its limit, keeps what it has, and goes on when there is room again', async ({ skip }) => {
    skip(onPostgres, 'PostgreSQL has no limit of its own');
    const database = await openHere();
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 10) }]);
    await database.limit?.({ maxPageCount: 1 });
    const many = { sql: INSERT_NOTE, rows: noteRows(1000, 5000) };
    await expect(database.bulk([many])).rejects.toMatchObject(unavailable);
    await expect(database.bulk([many])).rejects.toThrow(/^disk full: .* cannot grow; free space on/);
    await expect(Promise.all([database.bulk([many]), database.bulk([many])])).rejects.toMatchObject(unavailable);
    await expect(database.probe()).rejects.toMatchObject(unavailable);
    const text = 'x'.repeat(1_000_000);
    const writing = database.write((transaction) => transaction.insertInto('note').values({ id: 99, text }).execute());
    await expect(writing).rejects.toMatchObject(unavailable);
    expect((await ids(database)).length).toBe(10);
    await database.limit?.({ maxPageCount: 100_000 });
    await database.probe();
    await database.bulk([many]);
    expect((await ids(database)).length).toBe(5010);
  });

  it('tells its size', async () => {
    const database = await openHere();
    const before = await database.sizeInBytes();
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 5000) }]);
    expect(await database.sizeInBytes()).toBeGreaterThan(before);
  });

  it('rolls back a write that does not end, and the others go on', async () => {
    const database = await openHere({ timeoutMs: 1000 });
    const gate = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    const hanging = database.write(async (transaction) => {
      await transaction.insertInto('note').values({ id: 1, text: 'a' }).execute();
      await gate.promise;
      const insert = transaction.insertInto('note').values({ id: 2, text: 'b' });
      late.resolve(await insert.execute().catch((error: unknown) => error));
    });
    await expect(hanging).rejects.toThrow('was rolled back because it took longer than 1 s');
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(5, 1) }]);
    gate.resolve();
    expect(await late.promise).toMatchObject(unavailable);
    expect(await ids(database)).toEqual([5]);
  });

  it('rejects what comes after it was closed', async () => {
    const database = await openHere();
    await database.close();
    await expect(database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 1) }])).rejects.toMatchObject(unavailable);
    await expect(ids(database)).rejects.toMatchObject(unavailable);
    await database.close();
  });
});

describe('durability', () => {
  it('keeps what was committed when the process is killed, and nothing else', async () => {
    const script = fileURLToPath(new URL('./test-support/commit-and-hang.ts', import.meta.url));
    const child = spawn(process.execPath, [script, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const database = await open();
    expect((await ids(database)).at(-1)).toBe(101);
    expect((await ids(database)).length).toBe(101);
    const [check] = (await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(database.read)).rows;
    expect(check?.integrity_check).toBe('ok');
  });

  it('sets what the promise rests on', async () => {
    const database = await open();
    const settings = await database.write(async (transaction) => {
      const pragma = async (name: string) => {
        const { rows } = await sql<Record<string, unknown>>`PRAGMA ${sql.raw(name)}`.execute(transaction);
        return Object.values(rows[0] ?? {})[0];
      };
      return [await pragma('journal_mode'), await pragma('synchronous'), await pragma('foreign_keys')];
    });
    expect(settings).toEqual(['wal', 2, 1]);
  });

  it('leaves one whole file when it is closed', async () => {
    const database = await open();
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 1000) }]);
    await ids(database);
    await database.close();
    expect(existsSync(join(folder.path, 'notes.sqlite-wal'))).toBe(false);
    expect((await ids(await open())).length).toBe(1000);
  });
});

describe('migrations', () => {
  const second = {
    name: '0002-second',
    up: async (database: Parameters<typeof notesMigration.up>[0]) => {
      await sql`CREATE TABLE second (id INTEGER)`.execute(database);
    },
  };

  it('are applied once, in the order of their names', async () => {
    const first = await open({ migrations: [second, notesMigration] }, { clock: () => 0 });
    await first.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 1) }]);
    await first.close();
    const again = await open({ migrations: [notesMigration, second] });
    const { rows } = await sql`SELECT * FROM migration ORDER BY name`.execute(again.read);
    expect(rows).toEqual([
      { name: '0001-note', applied_at: '1970-01-01T00:00:00.000Z' },
      { name: '0002-second', applied_at: '1970-01-01T00:00:00.000Z' },
    ]);
    expect(await ids(again)).toEqual([1]);
  });

  it('leave nothing behind when they fail', async () => {
    const failing = {
      name: '0002-second',
      up: async (database: Parameters<typeof notesMigration.up>[0]) => {
        await second.up(database);
        throw new Error('half way');
      },
    };
    await expect(open({ migrations: [notesMigration, failing] })).rejects.toThrow('half way');
    await open({ migrations: [notesMigration, second] });
  });

  it('refuse a database of a newer version, and two of one name', async () => {
    await (await open({ migrations: [notesMigration, second] })).close();
    await expect(open({ migrations: [notesMigration] })).rejects.toThrow(
      /notes\.sqlite was written by a newer version of ocpp-csms \(it has 0002-second, /,
    );
    await expect(open({ migrations: [second, second] })).rejects.toThrow('two migrations are called 0002-second');
  });

  it('may run in two processes at once', async () => {
    const [first] = await Promise.all([open(), open()]);
    expect(await ids(first)).toEqual([]);
  });
});

describe('trouble', () => {
  it('says what is wrong with the folder', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const opening = open({ directory: join(file, 'data') });
    await expect(opening).rejects.toMatchObject(unavailable);
    await expect(open({ directory: join(file, 'data') })).rejects.toThrow(
      /the data folder .* cannot be made: let the user/,
    );
    await expect(open({ name: '../notes' })).rejects.toThrow('cannot name a database');
  });

  it('says when the folder may not be written', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may write everywhere');
    chmodSync(folder.path, 0o500);
    await expect(open()).rejects.toThrow(/cannot be opened: check that/);
    chmodSync(folder.path, 0o700);
  });

  it('says when the file is no database', async () => {
    writeFileSync(join(folder.path, 'notes.sqlite'), 'this is a text file. '.repeat(1000));
    const opening = open();
    await expect(opening).rejects.toMatchObject({ name: 'SqlError', code: 'SQLITE_NOTADB' });
    await expect(opening).rejects.toThrow('is damaged or is no database');
  });

  it('starts a worker that died again, and tells whoever waited', async () => {
    const workers: Worker[] = [];
    const lines: string[] = [];
    const log = { warn: () => {}, error: (_: object, line: string) => void lines.push(line) };
    const startWorker: typeof startSqliteWorker = (settings) => {
      const worker = startSqliteWorker(settings);
      workers.push(worker);
      return worker;
    };
    const database = await open({ log }, { startWorker });
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 10) }]);
    const writing = database.write(async (transaction) => {
      await transaction.insertInto('note').values({ id: 50, text: 'lost' }).execute();
      await workers[0]?.terminate();
      await transaction.insertInto('note').values({ id: 51, text: 'never alone' }).execute();
    });
    await expect(writing).rejects.toMatchObject(unavailable);
    const bulk = database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1000, 5000) }]);
    await workers[1]?.terminate();
    await expect(bulk).rejects.toMatchObject(unavailable);
    await database.probe();
    expect((await ids(database)).length).toBe(10);
    expect(lines.length).toBe(2);
  });

  it('ends a reading thread that has nothing to do, and starts another for the next query', async () => {
    const readers: Worker[] = [];
    const startWorker: typeof startSqliteWorker = (settings) => {
      const worker = startSqliteWorker(settings);
      if (settings.access === 'read') readers.push(worker);
      return worker;
    };
    const database = await open({}, { startWorker, readerIdleMs: 10 });
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 3) }]);
    expect(await ids(database)).toEqual([1, 2, 3]);
    await new Promise((resolve) => readers[0]?.once('exit', resolve));
    expect(await ids(database)).toEqual([1, 2, 3]);
    expect(readers.length).toBeGreaterThan(1);
  });

  it('is lost for good when it was in memory', async () => {
    const workers: Worker[] = [];
    const startWorker: typeof startSqliteWorker = (settings) => {
      workers.push(startSqliteWorker(settings));
      return workers.at(-1)!;
    };
    const database = await open({ directory: ':memory:' }, { startWorker });
    await workers[0]?.terminate();
    await expect(ids(database)).rejects.toThrow('the database in memory is lost');
  });

  it('gives up a query that takes too long', async () => {
    const database = await open({}, { timeoutMs: 1000 });
    const endless = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000000) SELECT max(i) FROM n`;
    await expect(endless.execute(database.read)).rejects.toThrow('did not answer within 1 s');
    expect(await ids(database)).toEqual([]);
  });

  it('says when another program holds the file', { timeout: 20_000 }, async () => {
    const [database, other] = [await open(), await open()];
    const release = Promise.withResolvers<void>();
    const holding = other.write(() => release.promise);
    await sleep(50);
    const bulk = database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 1) }]);
    await expect(bulk).rejects.toThrow('is locked by another program');
    release.resolve();
    await holding;
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 1) }]);
  });

  it('says when a database is used within its own write', async () => {
    const database = await open({ directory: ':memory:' }, { timeoutMs: 1000 });
    const nested = database.write(() => database.bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 1) }]));
    await expect(nested).rejects.toMatchObject(unavailable);
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(2, 1) }]);
  });
});

it('grows its file in pages of 8 KiB', async () => {
  const database = await open();
  await database.close();
  expect(statSync(join(folder.path, 'notes.sqlite')).size % 8192).toBe(0);
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
