/**
 * At a release: keeps what this version writes, for the versions after it to be tested with.
 *
 *   node scripts/run.mjs e2e/upgrades/make-fixture.ts           for the version in package.json
 *   node scripts/run.mjs e2e/upgrades/make-fixture.ts --again   replaces it, as long as that version is not released
 *
 * Needs PostgreSQL (TEST_POSTGRESQL_URL) and pg_dump.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope } from '@ocpp-csms/bus';
import { defaultSettings, loadSettings } from '@ocpp-csms/config';
import { createParkingStore } from '@ocpp-csms/parking';
import { createLog, version } from '@ocpp-csms/runtime';
import { createTestPlace } from '@ocpp-csms/storage/test-support';
import { freePort } from '@ocpp-csms/testing';
import { exportEverything, importEverything } from '@ocpp-csms/transfer';
import { type SpawnedCsms, spawnCsms } from '../src/spawn-csms.ts';
import { type Answers, pathsOf, readBack } from './answers.ts';
import { fill } from './fill.ts';
import { dumpSqlite, type Fixture, fixtureOf, postgresDump, writeAnswers } from './fixtures.ts';

const parts = ['session', 'device-manager', 'parked', 'messages'] as const;
const log = createLog({ service: 'fixture', settings: { ...defaultSettings().log, dir: '', level: 'warn' } });
const tell = (line: string) => void process.stderr.write(`${line}\n`);

const fixture = fixtureOf(version);
if (existsSync(fixture.folder) && !process.argv.includes('--again')) {
  tell(`${fixture.folder} is there. What a release wrote never changes; --again replaces it before the release.`);
  process.exit(2);
}
const dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-fixture-'));
try {
  await rm(fixture.folder, { recursive: true, force: true });
  await mkdir(fixture.folder, { recursive: true });
  const { filled, message } = await within(async (csms) => ({
    filled: await fill(csms),
    message: await someMessage(csms),
  }));
  await park(message);
  await dumpSqlite(fixture, dataDir);
  const byPath = await within((csms) => readBack(csms.api, pathsOf(filled)));
  await writeAnswers(fixture, { version, ...filled, byPath } satisfies Answers);
  await dumpPostgres(fixture);
  tell(`Written to ${fixture.folder}`);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

/** What no charge point can bring about: a message that its service could not handle. */
async function park(content: Envelope): Promise<void> {
  const parking = createParkingStore({ directory: dataDir });
  const parkedAt = '2026-01-02T03:04:05.000Z';
  const { id, client } = content;
  await parking.add({
    group: 'session',
    topic: 'MessagesIn',
    id,
    client,
    parkedAt,
    attempts: 3,
    reason: 'bad',
    content,
  });
  await parking.close();
}

async function someMessage({ api }: SpawnedCsms): Promise<Envelope> {
  const { items } = await api.get<{ items: Envelope[] }>('/message-manager/messages?origin=client&limit=1');
  const [message] = items;
  if (message === undefined) throw new Error('nothing is in the log');
  return message;
}

async function within<Result>(work: (csms: SpawnedCsms) => Promise<Result>): Promise<Result> {
  const csms = await spawnCsms({ dataDir, port: await freePort() });
  try {
    return await work(csms);
  } finally {
    await csms.terminate();
  }
}

/** The same data, moved as an operator moves it. */
async function dumpPostgres(to: Fixture): Promise<void> {
  const place = await createTestPlace('postgresql');
  try {
    const { settings: sqlite } = loadSettings({ env: { CSMS_DATA_DIR: dataDir }, cwd: dataDir });
    const settings = { ...sqlite, ...place.settings };
    const common = { parts, log, program: version, now: new Date(), tell: () => undefined };
    const lines: string[] = [];
    for await (const text of exportEverything({ ...common, settings: sqlite }))
      lines.push(...text.split('\n').filter((line) => line !== ''));
    await importEverything({ ...common, settings, intoExisting: false, lines: linesFrom(lines) });
    const { url } = place.settings.postgresql;
    const dump = execFileSync('pg_dump', ['--inserts', '--no-owner', '--no-privileges', url], { encoding: 'utf8' });
    await writeFile(postgresDump(to), plainSql(dump));
  } finally {
    await place.remove();
  }
}

async function* linesFrom(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** Without what only psql, or only this version of the server, understands. */
function plainSql(dump: string): string {
  return dump
    .split('\n')
    .filter((line) => !/^(\\|--|$|SET transaction_timeout|SELECT pg_catalog\.set_config\('search_path')/.test(line))
    .join('\n');
}
