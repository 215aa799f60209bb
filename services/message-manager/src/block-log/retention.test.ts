import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { at, heartbeats, message } from '../test-support/envelopes.ts';
import { openLog, sqliteOnly } from '../test-support/open-log.ts';
import { createLogIndex } from './log-index.ts';
import { createRetention } from './retention.ts';
import { search } from './search.ts';
import { usedBytes } from './statistics.ts';

const silent = createLog({ service: 'test', settings: { ...defaultSettings().log, level: 'silent', dir: '' } });

async function logWithRetention({ retentionDays = 0, maxMegabytes = 0 }, now = at(0)) {
  const { database, recorder } = await openLog();
  const clock = { now: () => new Date(now) };
  const retention = createRetention({ database, clock, log: silent, retentionDays, maxMegabytes });
  onTestFinished(() => retention.stop());
  const logIndex = createLogIndex({ database, log: silent });
  const count = async (what: 'messages' | 'term_blocks' | 'msg_id_blocks' | 'answers') => {
    const counted = what === 'messages' ? sql`sum(count) AS n FROM blocks` : sql`count(*) AS n FROM ${sql.table(what)}`;
    const { rows } = await sql<{ n: number }>`SELECT ${counted}`.execute(database.read);
    return rows[0]?.n ?? 0;
  };
  const oldest = async () =>
    (await search(database.read, { filter: { conditions: [] }, order: 'asc', limit: 1 })).items[0]?.messageTime;
  return { database, recorder, logIndex, retention, count, oldest };
}

const day = 86_400_000;

test('what is older than retentionDays is deleted, in several transactions, and nothing else', async () => {
  const { recorder, logIndex, retention, count, oldest } = await logWithRetention({ retentionDays: 2 }, at(4 * day));
  await recorder.record(heartbeats(12_000));
  await logIndex.update();
  expect(await count('msg_id_blocks')).toBe(64);
  await recorder.record(heartbeats(100, { fromMs: 2 * day + 1000 }));
  await logIndex.update();
  expect(await retention.removeOld()).toBe(12_000);
  expect(await count('messages')).toBe(100);
  // 10 clients and one action; no more rows than messages.
  expect(await count('term_blocks')).toBe(11);
  expect(await count('msg_id_blocks')).toBeLessThanOrEqual(64);
  expect(await oldest()).toBe(at(2 * day + 1000));
  expect(await retention.removeOld()).toBe(0);
});

test('0 days keep everything', async () => {
  const { recorder, retention, count } = await logWithRetention({}, at(1000 * day));
  await recorder.record(heartbeats(10));
  expect(await retention.removeOld()).toBe(0);
  expect(await retention.removeExcess()).toBe(0);
  expect(await count('messages')).toBe(10);
});

test('a message of a time that was deleted is found by its client when it comes late', async () => {
  const { database, recorder, logIndex, retention } = await logWithRetention({ retentionDays: 1 }, at(3 * day));
  await recorder.record([message({ messageTime: at(500) })]);
  await recorder.record([message({ client: 'CP002', messageTime: at(3 * day) })]);
  await logIndex.update();
  expect(await retention.removeOld()).toBe(1);
  await recorder.record([message({ messageTime: at(600) })]);
  await logIndex.update();
  const filter = { client: 'CP001', conditions: [] };
  const { items } = await search(database.read, { filter, order: 'desc', limit: 10 });
  expect(items.map(({ messageTime }) => messageTime)).toEqual([at(600)]);
});

test('live readers keep their place: what was logged last stays', async () => {
  const { recorder, retention, count } = await logWithRetention({ retentionDays: 1 }, at(10 * day));
  for (const second of [0, 1, 2]) await recorder.record(heartbeats(100, { clients: 1, fromMs: second * 1000 }));
  await retention.removeOld();
  // 3 s of messages; the last block stays.
  expect(await count('messages')).toBe(100);
});

test.skipIf(sqliteOnly)('the log keeps to its size however long it is written', async () => {
  const maxMegabytes = 4;
  const { database, recorder, retention, count, oldest } = await logWithRetention({ maxMegabytes });
  const sizes: number[] = [];
  for (let round = 0; round < 6; round++) {
    await recorder.record(heartbeats(8000, { fromMs: round * 80_000 }));
    await retention.removeExcess();
    expect(await usedBytes(database.read)).toBeLessThan(maxMegabytes * 1_048_576 * 0.9);
    const { rows } = await sql<{ n: number }>`SELECT page_count * 8192 AS n FROM pragma_page_count()`.execute(
      database.read,
    );
    sizes.push(rows[0]?.n ?? 0);
  }
  expect(await count('messages')).toBeGreaterThan(2000);
  expect(await oldest()).not.toBe(at(0));
  expect(sizes.at(-1)).toBeLessThan((sizes[3] ?? 0) * 1.2);
});

test('writers go on while old messages are deleted', async () => {
  const { recorder, retention, count } = await logWithRetention({ retentionDays: 1 }, at(3 * day));
  await recorder.record(heartbeats(30_000));
  let removing = true;
  const removal = retention.removeOld().finally(() => {
    removing = false;
  });
  let written = 0;
  while (removing) {
    await recorder.record(heartbeats(10, { fromMs: 3 * day + written * 1000 }));
    written += 1;
  }
  expect(await removal).toBeGreaterThanOrEqual(29_900);
  expect(written).toBeGreaterThan(5);
  expect(await count('messages')).toBeGreaterThanOrEqual(written * 10);
});
