import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createParkingStore } from '@ocpp-csms/parking';
import { version } from '@ocpp-csms/runtime';
import { createTestPlace, postgresMissing } from '@ocpp-csms/storage/test-support';
import { freePort } from '@ocpp-csms/testing';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { boot, charge, stopTransaction } from '../src/charge-1.6.ts';
import { connect } from '../src/scenes.ts';
import { type SpawnedCsms, spawnCsms } from '../src/spawn-csms.ts';
import { type Answers, readBack } from './answers.ts';
import { fixturePassword } from './fill.ts';
import { allFixtures, databaseNames, loadIntoPostgres, loadIntoSqlite, readAnswers } from './fixtures.ts';

/** The data of a fixture is as old as its release: nothing of it is to be deleted for that. */
const keepAll = {
  CSMS_MESSAGE_MANAGER_RETENTION_DAYS: '0',
  CSMS_SESSION_METER_VALUE_RETENTION_DAYS: '0',
  CSMS_DEVICE_MANAGER_COMMAND_RETENTION_DAYS: '0',
};

const missing = await postgresMissing();

test('there is a fixture of this version: at a release, node scripts/run.mjs e2e/upgrades/make-fixture.ts', () => {
  expect(allFixtures().map((fixture) => fixture.version)).toContain(version);
});

describe.each(allFixtures())('the data of $version', (fixture) => {
  test('on SQLite is brought up to date, is all there, and goes on', async () => {
    const dataDir = await newFolder();
    await loadIntoSqlite(fixture, dataDir);
    await startAndReadBack(await readAnswers(fixture), { dataDir, env: keepAll });
    expect(sqliteShape(dataDir)).toEqual(await freshSqliteShape());
  });

  test.skipIf(missing !== undefined)('on PostgreSQL is brought up to date, is all there, and goes on', async () => {
    const place = await createTestPlace('postgresql');
    onTestFinished(() => place.remove());
    const { url } = place.settings.postgresql;
    await loadIntoPostgres(fixture, url);
    const env = {
      ...keepAll,
      CSMS_STORAGE_DRIVER: 'postgresql',
      CSMS_POSTGRESQL_URL: url,
      CSMS_POSTGRESQL_MAX_CONNECTIONS: '4',
    };
    await startAndReadBack(await readAnswers(fixture), { dataDir: await newFolder(), env });
    const fresh = await createTestPlace('postgresql');
    onTestFinished(() => fresh.remove());
    const other = await start({
      dataDir: await newFolder(),
      env: { ...env, CSMS_POSTGRESQL_URL: fresh.settings.postgresql.url },
    });
    await other.terminate();
    await makeParking(fresh.options);
    expect(await postgresShape(url)).toEqual(await postgresShape(fresh.settings.postgresql.url));
  });
});

test('the start refuses data of a newer version with a sentence', async () => {
  const dataDir = await newFolder();
  const [fixture] = allFixtures();
  await loadIntoSqlite(fixture!, dataDir);
  const file = join(dataDir, 'session.sqlite');
  change(file, `INSERT INTO migration VALUES ('0099-later', '2030-01-01T00:00:00.000Z')`);
  const refusal = await spawnCsms({ dataDir, port: await freePort() }).then(
    () => 'it started',
    (error: unknown) => String(error),
  );
  expect(refusal).toMatch(
    /session\.sqlite was written by a newer version of ocpp-csms \(it has 0099-later, which this version does not know\)\./,
  );
  expect(refusal).toContain('Start that version or a later one');
  expect(refusal).not.toContain('please report it');
});

interface Place {
  dataDir: string;
  env: Readonly<Record<string, string>>;
}

async function start({ dataDir, env }: Place): Promise<SpawnedCsms> {
  const csms = await spawnCsms({ dataDir, port: await freePort(), env });
  onTestFinished(() => csms.kill());
  return csms;
}

async function startAndReadBack(answers: Answers, place: Place): Promise<void> {
  const csms = await start(place);
  const { byPath, chargePoints, openTransaction, idToken } = answers;
  // A later version may say more; what was there stays. Connections of the release are over.
  expect(await readBack(csms.api, Object.keys(byPath))).toMatchObject(byPath);

  const networkId = chargePoints.find(({ protocol }) => protocol === 'ocpp1.6')!.networkId;
  const chargePoint = await connect(csms, { networkId, password: fixturePassword });
  await boot(chargePoint);
  await stopTransaction(chargePoint, openTransaction, { meterStop: 9000 });
  expect(await charge(chargePoint, idToken)).not.toBe(openTransaction);
  await chargePoint.drop();
  expect(await csms.terminate()).toBe(0);
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-upgrade-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function change(file: string, statement: string): void {
  const database = new Sqlite(file);
  database.exec(statement);
  database.close();
}

async function freshSqliteShape(): Promise<unknown> {
  const dataDir = await newFolder();
  const csms = await start({ dataDir, env: {} });
  await csms.terminate();
  await makeParking({ directory: dataDir });
  return sqliteShape(dataDir);
}

/** The database of parked messages is made by the first one. */
async function makeParking(where: Parameters<typeof createParkingStore>[0]): Promise<void> {
  const parking = createParkingStore(where);
  await parking.remove('no group', 'no message');
  await parking.close();
}

/** Columns and indexes, whatever way they came about. */
function sqliteShape(directory: string): unknown {
  return databaseNames.map((name) => {
    const database = new Sqlite(join(directory, `${name}.sqlite`), { readonly: true });
    try {
      const columns = `SELECT t.name AS owner, c.name, c.type, c."notnull", c.pk FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%' ORDER BY 1, 2`;
      const indexes = `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1`;
      return [name, database.prepare(columns).all(), database.prepare(indexes).all()];
    } finally {
      database.close();
    }
  });
}

async function postgresShape(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // The partitions of the log are by day.
    const isPart = `(SELECT relname FROM pg_class WHERE relispartition)`;
    const columns = await client.query(
      `SELECT table_schema, table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_name NOT IN ${isPart} ORDER BY 1, 2, 3`,
    );
    const indexes = await client.query(
      `SELECT schemaname, indexname FROM pg_indexes
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT IN ${isPart} ORDER BY 1, 2`,
    );
    return [columns.rows, indexes.rows];
  } finally {
    await client.end();
  }
}
