import type { Envelope } from '@ocpp-csms/bus';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { type Database, StorageUnavailable } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { answerTo, at, heartbeats, message } from '../test-support/envelopes.ts';
import { openLog } from '../test-support/open-log.ts';
import { allIds } from '../test-support/read-log.ts';
import { createLogIndex } from './log-index.ts';
import { blockWidthMs, idWidthMs, type LogSchema, sliceMs } from './schema.ts';
import { newestSeq, readTail } from './tail.ts';

const log = createLog({ service: 'test', settings: { ...defaultSettings().log, level: 'silent', dir: '' } });
const idsOf = (envelopes: readonly Envelope[]) => envelopes.map(({ id }) => id);

/** Batches of three nodes, which overlap each other; some messages come late, some share their time. */
function overlappingBatches(): Envelope[][] {
  return Array.from({ length: 60 }, (_, batch) =>
    Array.from({ length: 20 }, (_, n) => {
      const late = n % 9 === 4 ? 7000 * (batch % 5) : 0;
      const time = 100_000 + batch * 700 + (batch % 3) * 900 + ((n * 37) % 20) * 100 - late;
      return message({ client: `CP${(batch + n) % 7}`, serverNode: `node${batch % 3}`, messageTime: at(time) });
    }),
  );
}

function inOrder(envelopes: readonly Envelope[]): Envelope[] {
  const text = ({ messageTime, client }: Envelope) => `${messageTime} ${client}`;
  return envelopes.toSorted((one, other) => (text(one) < text(other) ? -1 : Number(text(one) > text(other))));
}

const timesOf = async (database: Database<LogSchema>) => {
  const { rows } = await sql<{ width: number; blocks: number }>`
    SELECT max(last_time - first_time) AS width, count(*) AS blocks FROM blocks`.execute(database.read);
  return rows[0] ?? { width: 0, blocks: 0 };
};

test('order and pages over blocks that overlap, whether the client index has come so far or not', async () => {
  const { database, recorder } = await openLog();
  const logIndex = createLogIndex({ database, log });
  const batches = overlappingBatches();
  const sent = inOrder(batches.flat());
  const own = idsOf(sent.filter(({ client }) => client === 'CP3'));
  const budget = { messages: [30, 60, 120], blocks: [2, 4], milliseconds: 10_000 };
  for (const [n, batch] of batches.entries()) {
    await recorder.record(batch);
    if (n === 40) await logIndex.update();
  }
  // A page is some questions over the network there.
  const limits = database.engine === 'sqlite' ? [7, 50, 1000] : [40, 1000];
  for (const limit of limits) {
    const ascending = await allIds(database, { limit, budget });
    expect(new Set(ascending)).toEqual(new Set(idsOf(sent)));
    expect(ascending.length).toBe(sent.length);
    expect(await allIds(database, { limit, budget, order: 'desc' })).toEqual(ascending.toReversed());
    expect(await allIds(database, { limit, budget, query: { client: 'CP3' } })).toEqual(own);
    expect(await allIds(database, { limit, budget, order: 'desc', query: { client: 'CP3' } })).toEqual(
      own.toReversed(),
    );
  }
  await logIndex.update();
  const [from, to] = [at(110_000), at(125_000)];
  const within = sent.filter(({ messageTime }) => messageTime >= from && messageTime < to);
  const ownWithin = idsOf(within.filter(({ client }) => client === 'CP3'));
  for (const limit of [3, 1000]) {
    expect(await allIds(database, { limit, budget, query: { client: 'CP3' } })).toEqual(own);
    expect(await allIds(database, { limit, query: { client: 'CP3', from, to } })).toEqual(ownWithin);
    expect(await allIds(database, { limit, order: 'desc', query: { client: 'CP3', from, to } })).toEqual(
      ownWithin.toReversed(),
    );
    expect(new Set(await allIds(database, { limit, query: { from, to } }))).toEqual(new Set(idsOf(within)));
  }
});

test('times that lie far apart in a batch do not make blocks wide', async () => {
  const { database, recorder } = await openLog();
  const days = Array.from({ length: 200 }, (_, n) => message({ messageTime: at((n % 4) * 86_400_000 + n) }));
  await recorder.record(days);
  expect(await timesOf(database)).toMatchObject({ blocks: 4, width: 196 });
  expect(await allIds(database)).toEqual(idsOf(inOrder(days)));
  expect(sliceMs).toBeGreaterThan(blockWidthMs);
});

test('ids that lie far apart in a batch do not make blocks wide', async () => {
  const { database, recorder } = await openLog();
  const idAt = (time: number, n: number) => {
    const digits = time.toString(16).padStart(12, '0');
    return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`;
  };
  const sent = Array.from({ length: 100 }, (_, n) =>
    message({ id: idAt((n % 5) * idWidthMs * 3, n), messageTime: at(n) }),
  );
  await recorder.record(sent);
  expect((await timesOf(database)).blocks).toBe(5);
  await recorder.record(sent.toReversed());
  expect(await allIds(database)).toEqual(idsOf(sent));
});

test('a crash between the blocks and their index, or in the middle of it, loses and repeats nothing', async () => {
  const { database, recorder } = await openLog();
  const sent = heartbeats(3000, { clients: 30 });
  for (let n = 0; n < sent.length; n += 100) await recorder.record(sent.slice(n, n + 100));
  const own = idsOf(sent.filter(({ client }) => client === 'CP7'));
  let bulks = 0;
  const gone = new StorageUnavailable('the process is gone before the mark');
  const failing: Database<LogSchema> = {
    ...database,
    engine: database.engine,
    read: database.read,
    write: (work, options) => {
      if (database.engine === 'sqlite') return database.write(work);
      return database.write((transaction) => work(transaction).then(() => Promise.reject(gone)), options);
    },
    bulk: async (statements) => {
      bulks += 1;
      if (bulks === 2) throw gone;
      await database.bulk(statements);
    },
  };
  await expect(createLogIndex({ database: failing, log }).update()).rejects.toBeInstanceOf(StorageUnavailable);
  expect(await allIds(database, { query: { client: 'CP7' } })).toEqual(own);
  const more = heartbeats(100, { clients: 30, fromMs: 30_000 });
  await recorder.record(more);
  const afterRestart = createLogIndex({ database, log });
  await afterRestart.update();
  const all = [...own, ...idsOf(more.filter(({ client }) => client === 'CP7'))];
  expect(await allIds(database, { query: { client: 'CP7' } })).toEqual(all);
  await afterRestart.update();
  expect(await allIds(database, { query: { client: 'CP7' }, limit: 3 })).toEqual(all);
});

test('20,000 clients in one second are logged, noted and found', async () => {
  const { database, recorder } = await openLog();
  const logIndex = createLogIndex({ database, log });
  const sent = Array.from({ length: 20_000 }, (_, n) =>
    message({ client: `CP${n}`, messageTime: at(Math.floor(n / 20)) }),
  );
  for (let n = 0; n < sent.length; n += 500) await recorder.record(sent.slice(n, n + 500));
  for (const _ of ['before', 'after']) {
    for (const n of [0, 7, 9999, 19_999]) {
      expect(await allIds(database, { query: { client: `CP${n}` } })).toEqual([sent[n]?.id]);
    }
    await logIndex.update();
  }
  const { rows } = await sql<{ rows: number }>`
    SELECT count(*) AS rows FROM term_blocks WHERE term LIKE 'client %'`.execute(database.read);
  expect(rows[0]?.rows).toBe(20_000);
});

test('a rare action is found though it is in a few blocks only, and a block with too many actions hides none', async () => {
  const { database, recorder } = await openLog();
  const rare = message({ messageTime: at(55), body: { messageType: 'Reset' } });
  const many = Array.from({ length: 100 }, (_, n) =>
    message({ messageTime: at(n), body: { messageType: `Action${n}` } }),
  );
  for (let n = 0; n < 20; n++) await recorder.record(heartbeats(50, { fromMs: n * 500 }));
  await recorder.record([...many, rare]);
  const logIndex = createLogIndex({ database, log });
  for (const _ of ['before it is indexed', 'after']) {
    expect(await allIds(database, { query: { messageType: 'Reset' } })).toEqual([rare.id]);
    expect(await allIds(database, { query: { messageType: 'Action73' } })).toEqual([many[73]?.id]);
    expect(await allIds(database, { query: { messageType: 'Action' } })).toEqual([]);
    await logIndex.update();
  }
});

test('an action is found in the order of time, whether it is frequent or rare and whether it is indexed or not', async () => {
  const { database, recorder } = await openLog();
  const logIndex = createLogIndex({ database, log });
  const sent = Array.from({ length: 4000 }, (_, n) =>
    message({
      client: `CP${n % 50}`,
      messageTime: at(n * 100),
      body: { messageType: n % 400 === 7 ? 'Reset' : 'StatusNotification' },
    }),
  );
  for (let n = 0; n < sent.length; n += 40) {
    await recorder.record(sent.slice(n, n + 40));
    if (n === 2000) await logIndex.update();
  }
  for (const messageType of ['Reset', 'StatusNotification']) {
    const ids = idsOf(sent.filter(({ body }) => body.messageType === messageType));
    for (const _ of ['half of it indexed', 'all']) {
      expect(await allIds(database, { query: { messageType }, limit: 90 })).toEqual(ids);
      expect(await allIds(database, { query: { messageType }, limit: 90, order: 'desc' })).toEqual(ids.toReversed());
      await logIndex.update();
    }
  }
});

test('a msgId is found by its exact text, of one client or of all, whether it is indexed or not', async () => {
  const { database, recorder } = await openLog();
  const logIndex = createLogIndex({ database, log });
  // As of firmware that counts from 1 after each boot.
  const sent = Array.from({ length: 3000 }, (_, n) =>
    message({ client: `CP${n % 3}`, messageTime: at(n * 1000), body: { msgId: String(n % 1000) } }),
  );
  const odd = ['', 'ü"\\', '\ud800', 'x'.repeat(5000)].map((msgId, n) =>
    message({ messageTime: at(n), body: { msgId } }),
  );
  for (let n = 0; n < sent.length; n += 100) {
    await recorder.record(sent.slice(n, n + 100));
    if (n === 1500) await logIndex.update();
  }
  await recorder.record(odd);
  for (const _ of ['half of it indexed', 'all']) {
    for (const msgId of ['0', '77', '999']) {
      const found = sent.filter(({ body }) => body.msgId === msgId);
      expect(await allIds(database, { query: { msgId } })).toEqual(idsOf(found));
      expect(await allIds(database, { query: { msgId }, order: 'desc', limit: 1 })).toEqual(idsOf(found).toReversed());
      const own = idsOf(found.filter(({ client }) => client === 'CP1'));
      expect(await allIds(database, { query: { msgId, client: 'CP1' } })).toEqual(own);
      const [from, to] = [at(1_000_000), at(2_000_000)];
      const within = idsOf(found.filter(({ messageTime }) => messageTime >= from && messageTime < to));
      expect(await allIds(database, { query: { msgId, from, to } })).toEqual(within);
    }
    for (const { id, body } of odd) expect(await allIds(database, { query: { msgId: body.msgId } })).toEqual([id]);
    expect(await allIds(database, { query: { msgId: '1000' } })).toEqual([]);
    await logIndex.update();
  }
});

test('a reader that is far behind is moved forward and told how much it misses', async () => {
  const { database, recorder } = await openLog();
  const filter = { conditions: [] };
  const start = await newestSeq(database.read);
  const sent = heartbeats(60_000);
  for (let n = 0; n < sent.length; n += 2000) await recorder.record(sent.slice(n, n + 2000));
  const step = await readTail(database.read, filter, start);
  expect(step.skipped).toBeGreaterThan(50_000);
  expect(step.items[0]?.id).toBe(sent[step.skipped]?.id);
  const answer = answerTo(message(), { messageTime: at(700_000) });
  await recorder.record([answer]);
  const newest = await readTail(
    database.read,
    { client: answer.client, conditions: [] },
    await newestSeq(database.read),
  );
  expect(newest).toMatchObject({ items: [], caughtUp: true, skipped: 0 });
});
