import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Envelope } from '@ocpp-csms/bus';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { type Database, StorageUnavailable } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { answerTo, at, heartbeats, message } from '../test-support/envelopes.ts';
import { openLog, testClock } from '../test-support/open-log.ts';
import { allIds } from '../test-support/read-log.ts';
import { findMessage } from './find-messages.ts';
import { createLogIndex } from './log-index.ts';
import { pairAnswers } from './pair-answers.ts';
import { partitionsOf } from './partitions.ts';
import { createRecorder } from './recorder.ts';
import { createRetention } from './retention.ts';
import type { LogSchema } from './schema.ts';
import { readStatistics } from './statistics.ts';
import { newestSeq, readTail } from './tail.ts';

const log = createLog({ service: 'test', settings: { ...defaultSettings().log, level: 'silent', dir: '' } });
const idsOf = (envelopes: readonly Envelope[]) => envelopes.map(({ id }) => id);
const everything = { conditions: [] };

const recorderOf = (database: Database<LogSchema>, now = testClock.now) =>
  createRecorder({ database, clock: { now }, onRecorded: () => undefined });

function batchesOf(messages: readonly Envelope[], size: number): Envelope[][] {
  const batches: Envelope[][] = [];
  for (let n = 0; n < messages.length; n += size) batches.push(messages.slice(n, n + size));
  return batches;
}

/** Follows the log until it has seen so many. */
async function follow(database: Database<LogSchema>, start: number, count: number): Promise<string[]> {
  const ids: string[] = [];
  let place = start;
  for (const until = Date.now() + 15_000; ids.length < count && Date.now() < until; ) {
    const step = await readTail(database.read, everything, place);
    ids.push(...step.items.map(({ id }) => id));
    place = Number(step.place);
  }
  return ids;
}

test('deliveries that move from one recorder to another and back, many at a time, are in the log once', async () => {
  const { database, openAgain } = await openLog();
  const recorders = [recorderOf(database), recorderOf(await openAgain()), recorderOf(await openAgain())];
  const sent = heartbeats(1200, { clients: 40 });
  const batches = batchesOf(sent, 25);
  const logIndex = createLogIndex({ database, log });
  await Promise.all(
    recorders.map(async (recorder, number) => {
      for (const [n, batch] of batches.entries()) {
        // Its own share, and of what went to the others the part that is delivered again; some in another cut.
        if (n % 3 === number) await recorder.record(batch);
        if ((n + number) % 4 === 0) await recorder.record([...(batches[n - 1] ?? []).slice(15), ...batch.slice(0, 20)]);
        if (n % 20 === 5 + number) await logIndex.update();
      }
    }),
  );
  expect(await allIds(database)).toEqual(idsOf(sent));
  await Promise.all(recorders.map((recorder) => recorder.record(sent)));
  expect(await allIds(database)).toHaveLength(sent.length);
  expect((await readStatistics(database)).rows).toBe(sent.length);
});

test('a recorder that is killed in the middle loses nothing, and its deliveries are logged once by another', async () => {
  const { database, recorder, openAgain, options } = await openLog();
  const other = recorderOf(await openAgain());
  const script = join(import.meta.dirname, '../test-support/record-in-process.ts');
  const child = fork(script, [JSON.stringify(options)], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  const sent = heartbeats(6000, { clients: 20 });
  const batches = batchesOf(sent, 50);
  const done = new Set<number>();
  const killed = new Promise<void>((resolve) => {
    child.on('message', ({ done: number }: { done: number }) => {
      done.add(number);
      if (done.size === 15) child.kill('SIGKILL');
    });
    child.on('exit', () => resolve());
  });
  for (const [number, batch] of batches.entries()) child.send({ number, batch }, () => undefined);
  await killed;
  expect(done.size).toBeLessThan(batches.length);
  // What was logged and not acknowledged is delivered again; of what was acknowledged the last, too.
  const again = batches.filter((_, n) => !done.has(n) || n > 10);
  await Promise.all([
    ...again.map((batch, n) => (n % 2 === 0 ? recorder : other).record(batch)),
    ...again.slice(0, 20).map((batch) => other.record(batch)),
  ]);
  expect(await allIds(database)).toEqual(idsOf(sent));
});

/** The database, whose writes wait before they commit. */
const committingWhen = (database: Database<LogSchema>, mayCommit: () => Promise<void>): Database<LogSchema> => ({
  ...database,
  engine: database.engine,
  read: database.read,
  write: (work, options) =>
    database.write(async (transaction) => {
      const result = await work(transaction);
      await mayCommit();
      return result;
    }, options),
});

test('a live reader does not pass a block that is committed late', async () => {
  const { database, recorder, openAgain } = await openLog();
  await recorder.record([message()]);
  const start = await newestSeq(database.read);
  const [isIn, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isSlow = false;
  const late = recorderOf(
    committingWhen(await openAgain(), async () => {
      if (!isSlow) return;
      isIn.resolve();
      await mayEnd.promise;
    }),
  );
  await late.record([message({ messageTime: at(1) })]);
  isSlow = true;
  const [first, second] = [message({ messageTime: at(2) }), message({ messageTime: at(3) })];
  const recording = late.record([first]);
  await isIn.promise;
  let isSecondIn = false;
  const next = recorder.record([second]).then(() => {
    isSecondIn = true;
  });
  const before = await follow(database, start, 1);
  expect(before).toHaveLength(1);
  const place = Number((await readTail(database.read, everything, start)).place);
  expect((await readTail(database.read, everything, place)).items).toEqual([]);
  expect(isSecondIn).toBe(false);
  mayEnd.resolve();
  await Promise.all([recording, next]);
  expect(await follow(database, place, 2)).toEqual(idsOf([first, second]));
});

test('a process that is paused in the middle of its turn holds up the others for a short time only', async () => {
  const { database, recorder, openAgain } = await openLog();
  await recorder.record([message()]);
  const isIn = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  const pausing = committingWhen(await openAgain({ idleInTransactionMs: 300 }), async () => {
    isIn.resolve();
    await goesOn.promise;
  });
  const envelope = message({ messageTime: at(1) });
  const paused = recorderOf(pausing).record([envelope]);
  await isIn.promise;
  const start = performance.now();
  await recorder.record([message({ messageTime: at(2) })]);
  expect(performance.now() - start).toBeLessThan(5000);
  goesOn.resolve();
  await expect(paused).rejects.toBeInstanceOf(StorageUnavailable);
  await recorder.record([envelope]);
  expect(await allIds(database)).toHaveLength(3);
});

test('a live reader sees everything once while several write', async () => {
  const { database, openAgain } = await openLog();
  const recorders = [recorderOf(database), recorderOf(await openAgain()), recorderOf(await openAgain())];
  const sent = heartbeats(2400, { clients: 30 });
  const batches = batchesOf(sent, 10);
  const seen = follow(database, await newestSeq(database.read), sent.length);
  await Promise.all(
    recorders.map(async (recorder, number) => {
      for (const [n, batch] of batches.entries()) if (n % 3 === number) await recorder.record(batch);
    }),
  );
  const ids = await seen;
  expect(ids).toHaveLength(sent.length);
  expect(new Set(ids)).toEqual(new Set(idsOf(sent)));
});

test('nodes that start on an empty database at once', async () => {
  const { openAgain } = await openLog();
  const databases = await Promise.all([openAgain(), openAgain(), openAgain()]);
  const sent = heartbeats(300);
  await Promise.all(databases.map((database) => recorderOf(database).record(sent)));
  expect(await allIds(databases[0] as Database<LogSchema>)).toEqual(idsOf(sent));
});

test('nodes that index at once note each block once, also after a day without any', async () => {
  const { database, recorder, openAgain } = await openLog();
  const sent = heartbeats(400, { clients: 4 });
  for (const batch of batchesOf(sent, 20)) await recorder.record(batch);
  const later = heartbeats(400, { clients: 4, fromMs: 100_000_000 });
  const nextDay = recorderOf(database, () => new Date(at(100_000_000)));
  for (const batch of batchesOf(later, 20)) await nextDay.record(batch);
  const nodes = [database, await openAgain(), await openAgain()];
  await Promise.all(nodes.map((node) => createLogIndex({ database: node, log }).update()));
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM block_index`.execute(database.read);
  expect(rows[0]?.n).toBe(40);
  expect((await readStatistics(database)).rows).toBe(800);
  for (const { body, id } of [sent[77], later[300]] as Envelope[]) {
    expect(await allIds(database, { query: { msgId: body.msgId } })).toEqual([id]);
  }
});

const day = 86_400_000;

/** A message of each day, logged on its day, with an answer. */
async function openDays(count: number) {
  const opened = await openLog();
  const calls: Envelope[] = [];
  for (let n = 0; n < count; n++) {
    const call = message({ messageTime: at(n * day), body: { messageType: 'Authorize' } });
    calls.push(call);
    const recorder = recorderOf(opened.database, () => new Date(at(n * day)));
    await recorder.record([call, ...heartbeats(9, { fromMs: n * day })]);
    await recorder.record([answerTo(call, { messageTime: at(n * day + 500) })]);
  }
  const retentionOf = (options: { retentionDays?: number; maxMegabytes?: number }) => {
    const clock = { now: () => new Date(at((count - 1) * day)) };
    const retention = createRetention({
      database: opened.database,
      clock,
      log,
      retentionDays: 0,
      maxMegabytes: 0,
      ...options,
    });
    onTestFinished(() => retention.stop());
    return retention;
  };
  const days = async () => (await partitionsOf(opened.database.read)).map((partition) => partition.day);
  return { ...opened, calls, retentionOf, days };
}

test('days are made ahead, and dropped as a whole when all in them is too old', async () => {
  const { database, calls, retentionOf, days } = await openDays(8);
  const first = Math.floor(Date.parse(at(0)) / day);
  expect(await days()).toEqual(Array.from({ length: 11 }, (_, n) => first + n));
  await createLogIndex({ database, log }).update();
  // What came late keeps its day.
  await recorderOf(database, () => new Date(at(7 * day))).record([message({ messageTime: at(100), client: 'late' })]);
  await recorderOf(database, () => new Date(at(7 * day))).record([message({ messageTime: at(7 * day) })]);
  expect(await retentionOf({ retentionDays: 3 }).removeOld()).toBe(4 * 11 + 1);
  expect(await days()).toEqual(Array.from({ length: 7 }, (_, n) => first + 4 + n));
  expect((await readStatistics(database)).rows).toBe(4 * 11 + 1);
  expect(await allIds(database, { query: { client: 'CP001' } })).toHaveLength(4 * 2 + 1);
  const [line] = [await findMessage(database.read, calls[5]?.id ?? '')];
  expect(line).toBeDefined();
  const [paired] = await pairAnswers(database.read, line === undefined ? [] : [line]);
  expect(paired).toMatchObject({ latencyMs: 500 });
  expect(await findMessage(database.read, calls[2]?.id ?? '')).toBeUndefined();
});

test('the oldest days are dropped when the log is too large, never the day that is written', async () => {
  const { database, retentionOf, days } = await openDays(4);
  const first = (await days())[0] ?? 0;
  const large = () => message({ messageTime: at(0), body: { messageBody: randomBytes(450_000).toString('base64') } });
  const recorder = recorderOf(database, () => new Date(at(3 * day)));
  // In the day that is written there is more than what is allowed.
  await recorder.record([large(), large(), large()]);
  expect(await retentionOf({ maxMegabytes: 1 }).removeExcess()).toBe(3 * 11);
  expect((await days())[0]).toBe(first + 3);
  await recorder.record(heartbeats(10, { fromMs: 3 * day + 5000 }));
  expect(await allIds(database, { query: { from: at(3 * day) } })).toHaveLength(11 + 10);
});

test('a reader who takes long does not hold up those who log: the day is dropped later', async () => {
  const { database, openAgain, retentionOf, days } = await openDays(6);
  const before = await days();
  const reading = Promise.withResolvers<void>();
  const reader = await openAgain();
  const isReading = Promise.withResolvers<void>();
  const held = reader.write(
    async (transaction) => {
      await sql`SELECT count(*) FROM blocks`.execute(transaction);
      isReading.resolve();
      await reading.promise;
    },
    { beside: [] },
  );
  await isReading.promise;
  const retention = retentionOf({ retentionDays: 2 });
  await expect(retention.removeOld()).rejects.toBeInstanceOf(StorageUnavailable);
  await recorderOf(database, () => new Date(at(5 * day))).record([message({ messageTime: at(5 * day + 1) })]);
  expect(await days()).toEqual(before);
  reading.resolve();
  await held;
  expect(await retention.removeOld()).toBe(3 * 11);
});
