import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database, OpenOptions } from './database.ts';
import { isConflict } from './is-conflict.ts';
import { type OpenInternals, openDatabase } from './open-database.ts';
import { INSERT_NOTE, type Notes, noteRows, notesMigration } from './test-support/notes.ts';
import {
  type PostgresServer,
  postgresServerMissing,
  startPostgresServer,
  startStandby,
} from './test-support/postgres-server.ts';

const missing = postgresServerMissing();
if (missing !== undefined) process.stderr.write(`\nNOT TESTED: outages of PostgreSQL: ${missing}\n\n`);

const unavailable = { name: 'StorageUnavailable', transient: true };

describe.skipIf(missing !== undefined)('a schema of a PostgreSQL database', () => {
  let server: PostgresServer;
  let databases: Database<Notes>[];
  let schemas = 0;

  beforeAll(async () => {
    server = await startPostgresServer({ max_connections: 30, deadlock_timeout: '50ms' });
    databases = [];
  });
  afterEach(async () => {
    await Promise.all(databases.splice(0).map((database) => database.close()));
  });
  afterAll(() => server.remove());

  /** Each test its own schema, unless it names one. */
  async function open(options: Partial<OpenOptions> = {}, internals: OpenInternals = {}): Promise<Database<Notes>> {
    const database = await openDatabase<Notes>(
      {
        name: `notes-${++schemas}`,
        directory: '',
        migrations: [notesMigration],
        postgresql: { url: server.url, maxConnections: 6 },
        ...options,
      },
      internals,
    );
    databases.push(database);
    return database;
  }

  async function ids(database: Database<Notes>): Promise<number[]> {
    const rows = await database.read.selectFrom('note').select('id').orderBy('id').execute();
    return rows.map(({ id }) => id);
  }

  const insert = (database: Database<Notes>, id: number, beside?: readonly string[]) =>
    database.write(
      (transaction) =>
        transaction
          .insertInto('note')
          .values({ id, text: `note ${id}` })
          .execute(),
      beside === undefined ? {} : { beside },
    );

  it('goes on by itself when the server was restarted', async () => {
    const lines: string[] = [];
    const log = { warn: (_: object, line: string) => void lines.push(line), error: () => {} };
    const database = await open({ log });
    await Promise.all([insert(database, 1, []), insert(database, 2, []), ids(database)]);
    await server.stop();
    await server.start();
    expect(await ids(database)).toEqual([1, 2]);
    await Promise.all([insert(database, 3, []), insert(database, 4, [])]);
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(5, 1) }]);
    expect(await ids(database)).toEqual([1, 2, 3, 4, 5]);
    expect(lines).toContain('A connection to PostgreSQL was lost; the next query opens another');
  });

  it('keeps what was committed and nothing else when the server is killed while writing, and says what to do', async () => {
    const database = await open();
    await insert(database, 1);
    const writing = database.write(async (transaction) => {
      await transaction.insertInto('note').values({ id: 2, text: 'lost' }).execute();
      await server.stop('immediate');
      await transaction.insertInto('note').values({ id: 3, text: 'never alone' }).execute();
    });
    await expect(writing).rejects.toMatchObject(unavailable);
    const [writes, bulks, reads, probes, opens] = await Promise.all(
      [
        insert(database, 4),
        database.bulk([{ sql: INSERT_NOTE, rows: noteRows(4, 1) }]),
        ids(database),
        database.probe(),
        open(),
      ].map((attempt) =>
        attempt.then(
          () => undefined,
          (error: Error) => error,
        ),
      ),
    );
    for (const error of [writes, bulks, reads, probes, opens]) {
      expect(error).toMatchObject(unavailable);
      expect(error?.message).toMatch(
        /^PostgreSQL 127\.0\.0\.1:\d+\/postgres cannot be reached .*ECONNREFUSED.*when it is back$/,
      );
      expect(error?.stack).not.toContain('not-a-secret');
    }
    await server.start();
    await insert(database, 9);
    expect(await ids(database)).toEqual([1, 9]);
  });

  it('does not wait for ever for a server that hangs', async () => {
    const database = await open({}, { connectTimeoutMs: 300 });
    const held = Promise.withResolvers<void>();
    // All connections that there are must be in use, for a new one to be needed.
    const holding = database.write(() => held.promise, { beside: [] });
    process.kill(server.pid(), 'SIGSTOP');
    try {
      await expect(open({}, { connectTimeoutMs: 300 })).rejects.toMatchObject(unavailable);
      await expect(insert(database, 1, [])).rejects.toThrow(/cannot be reached \(.*timeout/);
    } finally {
      process.kill(server.pid(), 'SIGCONT');
    }
    held.resolve();
    await holding;
    await insert(database, 2, []);
    expect(await ids(database)).toEqual([2]);
  });

  it('says so when there are too many connections', async () => {
    const database = await open({ postgresql: { url: server.url, maxConnections: 60 } });
    const gate = Promise.withResolvers<void>();
    const writing = Array.from({ length: 38 }, () => database.write(() => gate.promise, { beside: [] }));
    const first = await Promise.race(writing.map((write) => write.catch((error: Error) => error)));
    gate.resolve();
    await Promise.allSettled(writing);
    expect(first).toMatchObject(unavailable);
    expect((first as Error).message).toMatch(/has no connection left: raise its max_connections, or lower postgresql/);
    await insert(database, 1);
  });

  it('is migrated once by several processes that start at once', { timeout: 30_000 }, async () => {
    const script = fileURLToPath(new URL('./test-support/open-on-postgres.ts', import.meta.url));
    const start = () => promisify(execFile)(process.execPath, [script, server.url]);
    const outputs = await Promise.all([start(), start(), start()]);
    expect(outputs.map(({ stdout }) => stdout)).toEqual(['opened\n', 'opened\n', 'opened\n']);
    const database = await open({ name: 'notes' });
    const { rows } = await sql`select name from migration`.execute(database.read);
    expect(rows).toEqual([{ name: '0001-note' }]);
  });

  it('refuses a schema of a newer version', async () => {
    const newer = { name: '0002-newer', up: async () => {} };
    await open({ name: 'newer', migrations: [notesMigration, newer] });
    await expect(open({ name: 'newer' })).rejects.toThrow(
      /^schema newer of PostgreSQL 127\.0\.0\.1:\d+\/postgres was written by a newer version of ocpp-csms \(it has 0002-newer, /,
    );
  });

  it('does the work again after a deadlock', async () => {
    const database = await open();
    await Promise.all([insert(database, 1), insert(database, 2)]);
    let attempts = 0;
    let both = Promise.withResolvers<void>();
    const touch = (one: number, other: number, repeatable: boolean) =>
      database.write(
        async (transaction) => {
          const set = (id: number) =>
            transaction.updateTable('note').set({ text: sql`text || 'x'` }).where('id', '=', id).execute();
          await set(one);
          if (++attempts === 2) both.resolve();
          await both.promise;
          await set(other);
        },
        { beside: [], repeatable },
      );
    await Promise.all([touch(1, 2, true), touch(2, 1, true)]);
    expect(attempts).toBe(3);
    const { text } = await database.read
      .selectFrom('note')
      .select('text')
      .where('id', '=', 1)
      .executeTakeFirstOrThrow();
    expect(text).toBe('note 1xx');
    attempts = 0;
    both = Promise.withResolvers();
    const outcomes = await Promise.allSettled([touch(1, 2, false), touch(2, 1, false)]);
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(failures.length).toBe(1);
    expect(isConflict(failures[0])).toBe(true);
    expect(failures[0]).toMatchObject(unavailable);
  });

  it('lets one of several processes read, think and write at a time', async () => {
    const [one, other] = [await open({ name: 'shared' }), await open({ name: 'shared' })];
    await insert(one, 0);
    const increment = (database: Database<Notes>, beside?: readonly string[]) =>
      database.write(
        async (transaction) => {
          const row = await transaction.selectFrom('note').select('text').where('id', '=', 0).executeTakeFirstOrThrow();
          const next = `note ${Number(row.text?.slice(5)) + 1}`;
          await transaction.updateTable('note').set({ text: next }).where('id', '=', 0).execute();
        },
        beside === undefined ? {} : { beside },
      );
    // Alone, and with the key that both know: neither sees what the other has not ended.
    const all = Array.from({ length: 20 }, (_, n) => [
      increment(one),
      increment(other, ['CP001', `CP${n}`]),
      increment(one, ['CP001']),
    ]);
    await Promise.all(all.flat());
    const { text } = await one.read.selectFrom('note').select('text').where('id', '=', 0).executeTakeFirstOrThrow();
    expect(text).toBe('note 60');
  });

  it('lets writes of different keys go on at the same time', async () => {
    const database = await open();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const holding = database.write(
      () => {
        begun.resolve();
        return gate.promise;
      },
      { beside: ['CP001'] },
    );
    await begun.promise;
    await insert(database, 2, ['CP002']);
    await database.bulk([{ sql: INSERT_NOTE, rows: noteRows(3, 1) }]);
    expect(await ids(database)).toEqual([2, 3]);
    const waits = insert(database, 1, ['CP003', 'CP001']);
    gate.resolve();
    await Promise.all([holding, waits]);
  });

  it('takes text with U+0000 and with lone surrogates, as SQLite does', async () => {
    const sqlite = await openDatabase<Notes>({ name: 'notes', directory: ':memory:', migrations: [notesMigration] });
    const texts = ['a\0b', '\0', 'lone \ud800 surrogate', '\ufdd0', '\ufdd00 is no U+0000', 'ü😀', ''];
    const postgres = await open();
    for (const database of [postgres, sqlite]) {
      await database.bulk([{ sql: INSERT_NOTE, rows: texts.map((text, id) => [id, text]) }]);
      const rows = await database.read.selectFrom('note').select('text').orderBy('id').execute();
      expect(rows.map(({ text }) => text)).toEqual(texts.map((text) => text.toWellFormed()));
      const found = await database.read.selectFrom('note').select('id').where('text', '=', 'a\0b').execute();
      expect(found).toEqual([{ id: 0 }]);
    }
    await sqlite.close();
  });

  it('compares text byte by byte, whatever the locale of the database', async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`create database german template template0 locale_provider icu icu_locale 'de-DE'`);
    await client.end();
    const url = server.url.replace(/postgres$/, 'german');
    const database = await open({ postgresql: { url, maxConnections: 2 } });
    const texts = ['a', 'B', 'Z', 'b', 'ä', 'z', '-', '_'];
    await database.bulk([{ sql: INSERT_NOTE, rows: texts.map((text, id) => [id, text]) }]);
    const rows = await database.read.selectFrom('note').select('text').orderBy('text').execute();
    expect(rows.map(({ text }) => text)).toEqual(['-', 'B', 'Z', '_', 'a', 'b', 'z', 'ä']);
    const after = await database.read
      .selectFrom('note')
      .select('text')
      .where('text', '>', 'Z')
      .orderBy('text')
      .execute();
    expect(after.map(({ text }) => text)).toEqual(['_', 'a', 'b', 'z', 'ä']);
  });

  it('takes a row twice in one bulk of upserts, and updates by the row', async () => {
    const database = await open();
    const upsert = `${INSERT_NOTE} on conflict (id) do update set text = excluded.text`;
    await database.bulk([
      {
        sql: upsert,
        rows: [
          [1, 'first'],
          [2, "two ? and ''quotes''"],
          [1, 'last'],
        ],
      },
    ]);
    await database.bulk([{ sql: `update note set text = text || '?' where id = ?`, rows: [[1], [2]] }]);
    const rows = await database.read.selectFrom('note').select('text').orderBy('id').execute();
    expect(rows.map(({ text }) => text)).toEqual(['last?', "two ? and ''quotes''?"]);
  });

  it('gives numbers for numbers, and 1 and 0 for truth', async () => {
    const database = await open();
    const query = sql`select 9007199254740991::bigint as big, 1.5::numeric as exact, 2::smallint as small, 0.1::float8 as float,
      true as yes, ${false} = 0 as no, count(*) as count, null as nothing, now()::date::text as day from note`;
    const { rows } = await query.execute(database.read);
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        exact: 1.5,
        small: 2,
        float: 0.1,
        yes: 1,
        no: 1,
        count: 0,
        nothing: null,
        day: expect.any(String),
      },
    ]);
  });

  it('rejects a transaction in which a statement failed, even when its error was not passed on', async () => {
    const database = await open();
    await insert(database, 1);
    const writing = database.write(async (transaction) => {
      await transaction.insertInto('note').values({ id: 2, text: 'b' }).execute();
      await transaction
        .insertInto('note')
        .values({ id: 1, text: 'a' })
        .execute()
        .catch(() => undefined);
    });
    await expect(writing).rejects.toMatchObject({ name: 'SqlError', code: '23505', constraint: 'unique' });
    expect(await ids(database)).toEqual([1]);
  });

  it('gives up a query that takes too long, and what holds a lock', async () => {
    const database = await open({}, { timeoutMs: 400 });
    await expect(sql`select pg_sleep(10)`.execute(database.read)).rejects.toThrow('took too long for a query');
    const gate = Promise.withResolvers<void>();
    const other = await open({ name: `notes-${schemas}` });
    const begun = Promise.withResolvers<void>();
    const holding = other.write(() => {
      begun.resolve();
      return gate.promise;
    });
    await begun.promise;
    await expect(insert(database, 1)).rejects.toThrow('waited too long for a lock');
    gate.resolve();
    await holding;
    await insert(database, 2);
  });

  it('ends the transaction of a process that stands still, so that the others go on', async () => {
    const still = await open({}, { idleInTransactionMs: 200 });
    const other = await open({ name: `notes-${schemas}` });
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const standing = still.write(async (transaction) => {
      await transaction.insertInto('note').values({ id: 1, text: 'a' }).execute();
      begun.resolve();
      await gate.promise;
      await transaction.insertInto('note').values({ id: 2, text: 'b' }).execute();
    });
    await begun.promise;
    await insert(other, 3);
    gate.resolve();
    await expect(standing).rejects.toMatchObject(unavailable);
    await insert(still, 4);
    expect(await ids(other)).toEqual([3, 4]);
  });

  it('says so when the tables are gone, and loses no message for that', async () => {
    const database = await open();
    await database.write((transaction) => sql`drop table note`.execute(transaction));
    await expect(insert(database, 1)).rejects.toMatchObject(unavailable);
    await expect(ids(database)).rejects.toThrow(/has not the tables that were there at the start/);
  });

  it('says so on a standby, reads there, and writes when it was promoted', async () => {
    await (await open({ name: 'replicated' })).bulk([{ sql: INSERT_NOTE, rows: noteRows(1, 2) }]);
    const standby = await startStandby(server);
    try {
      const here = { name: 'replicated', postgresql: { url: standby.url, maxConnections: 3 } };
      await expect(open(here)).rejects.toThrow(/^PostgreSQL .* is read-only: it is a standby/);
      await standby.promote();
      const database = await open(here);
      await standby.stop();
      await standby.start();
      await insert(database, 3);
      expect(await ids(database)).toEqual([1, 2, 3]);
    } finally {
      await standby.remove();
    }
  });

  it('commits with the durability that was asked for', async () => {
    const setting = async (database: Database<Notes>) => {
      const { rows } = await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(database.read);
      return rows[0]?.synchronous_commit;
    };
    expect(await setting(await open())).toBe('on');
    expect(await setting(await open({ synchronous: 'normal' }))).toBe('off');
  });
});
