import { defaultSettings, type Settings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { openDatabase } from '@ocpp-csms/storage';
import { createTestPlace, postgresMissing } from '@ocpp-csms/storage/test-support';
import { expect, onTestFinished, test } from 'vitest';
import { exportEverything } from './export.ts';
import { fromJson, headerOf, type JsonRow, toJson } from './format.ts';
import { type ImportOptions, importEverything } from './import.ts';
import { linesOf } from './lines.ts';
import { type PartName, partNames } from './part-names.ts';
import { plans } from './parts.ts';
import { Broken, Refused } from './refused.ts';

const program = '1.2.3';
const now = new Date('2026-01-02T03:04:05.000Z');
const log = createLog({
  service: 'test',
  settings: { level: 'error', dir: '', pretty: 'never', maxFileMegabytes: 1, maxFiles: 1 },
  destination: { write: () => undefined },
});

async function target(engine: 'sqlite' | 'postgresql' = 'sqlite'): Promise<Settings> {
  const place = await createTestPlace(engine);
  onTestFinished(() => place.remove());
  const { storage, postgresql } = place.settings;
  return { ...defaultSettings(), data: { dir: place.directory }, storage, postgresql } as Settings;
}

const row = (service: string, table: string, content: JsonRow) => JSON.stringify({ service, table, row: content });

const installation = (value: string) => row('session', 'installation', { name: 'transaction-id-key', value });
const sequence = (value: number) => row('session', 'sequence', { name: 'transaction-id', value });
const meterValue = (number: number, registerWh: JsonRow[string] = 1.5e-7) =>
  row('session', 'meter_value', {
    id: `0199${String(number).padStart(6, '0')}:0`,
    client: 'CP \u0000 001',
    transaction_ref: '1',
    measured_at: now.toISOString(),
    register_wh: registerWh,
    body: '{}',
  });
const profile = (profileId: number) =>
  row('device-manager', 'charging_profile', {
    network_id: 'CP001',
    profile_id: profileId,
    evse_id: 0,
    purpose: 'TxProfile',
    stack_level: 0,
    profile: '{"text":"ünï\u2028\ud800"}',
    source: 'set',
    at: now.toISOString(),
  });

interface MessageOptions {
  answer?: object;
  answerTo?: string;
  time?: Date;
}

const message = (number: number, { time = new Date(now.getTime() + number * 1000), ...more }: MessageOptions = {}) =>
  JSON.stringify({
    service: 'message-manager',
    message: {
      serverNode: 'node',
      client: `CP${number % 7}`,
      messageTime: time.toISOString(),
      body: {
        direction: more.answerTo === undefined ? 2 : 3,
        msgId: `m${number}`,
        messageType: 'Heartbeat',
        messageBody: { n: number },
      },
      id: `0199${String(number).padStart(8, '0')}`,
      origin: more.answerTo === undefined ? 'client' : 'server',
      raw: 'as it \u0000 was',
      ...more,
    },
  });

const edge = { direction: 3, messageTime: now.toISOString(), messageBody: { currentTime: 'now' } };

function fileOf(rows: readonly string[], header = headerOf(partNames, { program, now, servicesRan: false })): string[] {
  return [JSON.stringify(header), ...rows, JSON.stringify({ end: { lines: rows.length, counts: {} } })];
}

const everything = [
  installation('a2V5'),
  sequence(41),
  // More than a page and a batch.
  ...Array.from({ length: 520 }, (_, number) => meterValue(number)),
  meterValue(5000, { $number: 'Infinity' }),
  ...[-5, 0, 3, 2 ** 60].map(profile),
  ...Array.from({ length: 520 }, (_, number) => message(number, { answer: edge })),
  // Answered by a service: two messages.
  message(2000),
  message(2001, { answerTo: '019900002000' }),
];

async function* each(lines: readonly string[]): AsyncGenerator<string, undefined> {
  yield* lines;
}

async function bring(
  settings: Settings,
  lines: readonly string[],
  more: Partial<ImportOptions> = {},
): Promise<string[]> {
  const told: string[] = [];
  const tell = (line: string) => void told.push(line);
  await importEverything({
    settings,
    parts: partNames,
    intoExisting: false,
    lines: each(lines),
    log,
    program,
    tell,
    ...more,
  });
  return told;
}

/** Without the header and the end. */
async function take(settings: Settings, parts: readonly PartName[] = partNames): Promise<string[]> {
  let text = '';
  for await (const some of exportEverything({ settings, parts, log, program, now, tell: () => undefined }))
    text += some;
  return text.trim().split('\n').slice(1, -1);
}

/** The same content, whatever the order of members. */
const sorted = (lines: readonly string[]) => lines.map((line) => JSON.stringify(withOrder(JSON.parse(line)))).sort();

function withOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, member]) => [name, withOrder(member)]),
  );
}

/** Started by the migrations. */
const isCounter = (line: string) => line.includes('"counter"');

test('what was imported is exported as it was, and a second import changes nothing', async () => {
  const settings = await target();
  await bring(settings, fileOf(everything));
  const first = await take(settings);
  expect(sorted(first.filter((line) => !isCounter(line)))).toEqual(sorted(everything.map(asStored)));
  const told = await bring(settings, fileOf(everything), { intoExisting: true });
  expect(told.join('\n')).toContain('521 rows of session meter_value were there already');
  expect(await take(settings)).toEqual(first);
});

/** SQLite holds no lone surrogates. */
const asStored = (line: string) => line.replaceAll('\\ud800', '\ufffd');

test('from SQLite to PostgreSQL and back every line is the same', { timeout: 60_000 }, async (context) => {
  const missing = await postgresMissing();
  if (missing !== undefined) context.skip(missing);
  const [from, to, back] = [await target(), await target('postgresql'), await target()];
  await bring(from, fileOf(everything));
  const lines = await take(from);
  await bring(to, fileOf(lines));
  expect(sorted(await take(to))).toEqual(sorted(lines));
  expect(await bring(to, fileOf(lines), { intoExisting: true })).toBeDefined();
  await bring(back, fileOf(await take(to)));
  expect(await take(back)).toEqual(lines);
});

test('a target that is not empty is refused, and --into-existing keeps what it has', async () => {
  const settings = await target();
  await bring(settings, fileOf([installation('a2V5'), sequence(50), meterValue(1)]));
  await expect(bring(settings, fileOf(everything))).rejects.toThrow(/The target is not empty: .*session meter_value/);
  await bring(settings, fileOf(everything.concat(sequence(7))), { intoExisting: true });
  const lines = await take(settings, ['session']);
  expect(lines).toContain(sequence(50));
  expect(lines).toHaveLength(2 + 521);
});

test('a service that was started once on the target is no obstacle: its key gives way', async () => {
  const settings = await target();
  await bring(settings, fileOf([installation('b3RoZXI=')]));
  await bring(settings, fileOf([installation('a2V5'), sequence(41)]));
  expect(await take(settings, ['session'])).toEqual([installation('a2V5'), sequence(41)]);
});

test('another installation that has given transaction ids is not mixed in', async () => {
  const settings = await target();
  await bring(settings, fileOf([installation('b3RoZXI='), sequence(3)]));
  const mixed = bring(settings, fileOf(everything), { intoExisting: true });
  await expect(mixed).rejects.toThrow(Refused);
  await expect(mixed).rejects.toThrow(/another installation/);
  expect(await take(settings, ['session'])).toEqual([installation('b3RoZXI='), sequence(3)]);
});

test('a file that was cut off is refused where that can be seen, else it is said at the end', async () => {
  const settings = await target();
  const cut = fileOf(everything).slice(0, 600);
  await expect(bring(settings, cut, { lastLine: cut.at(-1) ?? '' })).rejects.toThrow(Refused);
  expect(await take(settings).catch((error: unknown) => error)).toBeInstanceOf(Refused);
  const piped = bring(settings, cut);
  await expect(piped).rejects.toThrow(/cut off/);
  await expect(piped).rejects.toMatchObject({ advice: expect.stringContaining('THE TARGET IS NOT COMPLETE') });
  await bring(settings, fileOf(everything), { intoExisting: true });
  expect(await take(settings)).toHaveLength(everything.length + 1);
});

test.each([
  ['lost lines in between', fileOf(everything).toSpliced(10, 1), /should have/],
  ['a line that was cut', fileOf([...everything.slice(0, 5), '{"service":"ses']), /Line 7 is not a JSON object/],
  ['a table that nobody knows', fileOf([row('session', 'sqlite_master', { a: 1 })]), /neither a row of a table/],
  ['a column that nobody knows', fileOf([row('session', 'sequence', { name: 'a', 'value") --': 1 })]), /other columns/],
  ['two files in one', [...fileOf([]), ...fileOf([])], /two files in one/],
])('a file with %s is said to be broken', async (_, lines, words) => {
  const broken = bring(await target(), lines);
  await expect(broken).rejects.toThrow(Broken);
  await expect(broken).rejects.toThrow(words);
});

test('a file of a version with other tables is refused with what to do', async () => {
  const header = headerOf(partNames, { program: '9.0.0', now, servicesRan: false });
  const { session = [], ...others } = header.migrations;
  const newer = { ...header, migrations: { ...others, session: [...session, '0009-later'] } };
  const older = { ...header, migrations: { ...others, session: [] } };
  const settings = await target();
  await expect(bring(settings, fileOf(everything, newer))).rejects.toMatchObject({
    advice: 'Import it with version 9.0.0, or a later one with the same tables.',
  });
  await expect(bring(settings, fileOf(everything, older))).rejects.toMatchObject({
    advice: expect.stringContaining('export again'),
  });
  const registry = headerOf(['device-manager'], { program, now, servicesRan: false });
  await expect(bring(settings, fileOf([], registry), { parts: ['messages'] })).rejects.toThrow(/nothing of messages/);
  await expect(bring(settings, ['{"id":1}'])).rejects.toThrow(/no export of ocpp-csms/);
  // Messages have no tables.
  await bring(settings, fileOf(everything, newer), { parts: ['messages'] });
  expect(await take(settings, ['messages'])).toHaveLength(522);
});

test('services that run on the target are noticed', async () => {
  const settings = await target();
  const { database: name, migrations } = plans.session;
  const service = await openDatabase({ name, directory: settings.data.dir, migrations });
  await expect(bring(settings, fileOf(everything))).rejects.toThrow(/Services are running(.|\n)*session\.sqlite/);
  await service.close();
  await bring(settings, fileOf(everything));
});

test('services that run on PostgreSQL are noticed', async (context) => {
  const missing = await postgresMissing();
  if (missing !== undefined) context.skip(missing);
  const settings = await target('postgresql');
  const { database: name, migrations } = plans.session;
  const service = await openDatabase({ name, directory: '', migrations, postgresql: settings.postgresql });
  await expect(bring(settings, fileOf(everything))).rejects.toThrow(/schema session of PostgreSQL .* is used by/);
  await service.close();
});

test.each([new Uint8Array([0, 255, 128]), Number.POSITIVE_INFINITY, -0, 2 ** 60, null, 'text', 0.1])(
  'the value %s comes out as it went in',
  (value) => {
    expect(fromJson(JSON.parse(JSON.stringify(toJson(value))))).toEqual(value);
  },
);

test('lines are put together, wherever a piece of the file ends', async () => {
  const text = Buffer.from('{"a":"ü€😀"}\n\n{"b":1}\nlast');
  const lines: string[] = [];
  for await (const line of linesOf(
    (async function* () {
      for (const byte of text) yield Uint8Array.of(byte);
    })(),
  ))
    lines.push(line);
  expect(lines).toEqual(['{"a":"ü€😀"}', '', '{"b":1}', 'last']);
});
