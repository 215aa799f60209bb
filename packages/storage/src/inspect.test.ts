import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appliedMigrations, inspectPostgres } from './inspect.ts';
import { openDatabase } from './open-database.ts';
import { type Notes, notesMigration } from './test-support/notes.ts';
import { createTestPlace, postgresMissing, type TestPlace } from './test-support/test-place.ts';

const missing = await postgresMissing();
const engines = missing === undefined ? (['sqlite', 'postgresql'] as const) : (['sqlite'] as const);

describe.each(engines)('the migrations of a database on %s', (engine) => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await createTestPlace(engine);
  });
  afterEach(() => place.remove());
  const applied = () => appliedMigrations({ name: 'notes', ...place.options });

  test('nothing is made where there is nothing', async () => {
    expect(await applied()).toBeUndefined();
    expect(await applied()).toBeUndefined();
  });

  test('are told while it is in use', async () => {
    const database = await openDatabase<Notes>({ name: 'notes', ...place.options, migrations: [notesMigration] });
    expect(await applied()).toEqual([notesMigration.name]);
    await database.close();
    expect(await applied()).toEqual([notesMigration.name]);
  });
});

test('a file that is no database is told', async () => {
  const place = await createTestPlace('sqlite');
  writeFileSync(
    join(place.directory, 'notes.sqlite'),
    'no database, and long enough to be looked at as one'.repeat(20),
  );
  await expect(appliedMigrations({ name: 'notes', ...place.options })).rejects.toThrow('is damaged or is no database');
  await place.remove();
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read is told', async () => {
  const place = await createTestPlace('sqlite');
  const file = join(place.directory, 'notes.sqlite');
  writeFileSync(file, '');
  chmodSync(file, 0);
  await expect(appliedMigrations({ name: 'notes', ...place.options })).rejects.toThrow('cannot be opened');
  await place.remove();
});

describe.skipIf(missing !== undefined)(`a PostgreSQL server${missing ? ` (${missing})` : ''}`, () => {
  test('says what it is', async () => {
    const place = await createTestPlace('postgresql');
    const server = await inspectPostgres(place.settings.postgresql.url, Date.now);
    expect(server).toMatchObject({ isStandby: false, mayCreate: true, fsync: expect.stringMatching(/on|off/) });
    expect(server.place).not.toContain('postgres@');
    expect(Number.parseInt(server.version, 10)).toBeGreaterThan(12);
    expect(server.freeConnections).toBeGreaterThan(0);
    expect(Math.abs(server.clockAheadMs)).toBeLessThan(5000);
    const anHourBehind = await inspectPostgres(place.settings.postgresql.url, () => Date.now() - 3_600_000);
    expect(Math.round(anHourBehind.clockAheadMs / 60_000)).toBe(60);
    await place.remove();
  });

  test('that there is no such database, or no server, is told without the password', async () => {
    const place = await createTestPlace('postgresql');
    const url = new URL(place.settings.postgresql.url);
    url.password = 's3cret';
    await place.remove();
    const refused = expect(inspectPostgres(url.href, Date.now)).rejects;
    await refused.toMatchObject({ name: 'StorageUnavailable', message: expect.stringContaining('no such database') });
    url.port = '1';
    const away = await inspectPostgres(url.href, Date.now).catch((error: Error) => error.message);
    expect(away).toContain('cannot be reached');
    expect(away).not.toContain('s3cret');
  });
});
