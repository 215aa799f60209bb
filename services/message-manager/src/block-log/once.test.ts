import type { Envelope } from '@ocpp-csms/bus';
import { type Database, StorageUnavailable } from '@ocpp-csms/storage';
import { expect, test } from 'vitest';
import { at, heartbeats, message } from '../test-support/envelopes.ts';
import { openLog, sqliteOnly } from '../test-support/open-log.ts';
import { allIds } from '../test-support/read-log.ts';
import { createRecorder } from './recorder.ts';
import type { LogSchema } from './schema.ts';

const idsOf = (envelopes: readonly Envelope[]) => envelopes.map(({ id }) => id);
const clock = { now: () => new Date(at(0)) };

function recorderOf(database: Database<LogSchema>) {
  return createRecorder({ database, clock, onRecorded: () => undefined });
}

/** The database, but for its hot path: `commit` is what commits. And how often it is asked before something is written. */
function withCommit(database: Database<LogSchema>, around: (commit: () => Promise<unknown>) => Promise<void>) {
  const asked = { times: 0 };
  const isShared = database.engine === 'postgresql';
  const changed: Database<LogSchema> = {
    engine: database.engine,
    read: database.read,
    write: async (work, options) => {
      asked.times += 1;
      if (!isShared) return database.write(work, options);
      let result: unknown;
      await around(async () => {
        result = await database.write(work, options);
      });
      return result as Awaited<ReturnType<typeof work>>;
    },
    bulk: (statements) => around(() => database.bulk(statements)),
    sizeInBytes: () => database.sizeInBytes(),
    probe: () => database.probe(),
    close: () => database.close(),
  };
  return { asked, recorder: recorderOf(changed) };
}

test('a batch that is delivered again in the same process, as a whole or mixed with new messages', async () => {
  const { database, recorder } = await openLog();
  const sent = heartbeats(600);
  await recorder.record(sent.slice(0, 500));
  await recorder.record(sent.slice(0, 500));
  await recorder.record([...sent.slice(400, 550), ...sent.slice(450, 600), ...sent.slice(590)]);
  expect(await allIds(database)).toEqual(idsOf(sent));
});

test('the same message in two batches at the same time', async () => {
  const { database, recorder } = await openLog();
  const [first, second] = [message(), message({ messageTime: at(1) })];
  await Promise.all([recorder.record([first, second]), recorder.record([second, first]), recorder.record([first])]);
  await Promise.all([recorder.record([first]), recorder.record([second]), recorder.record([first])]);
  expect(await allIds(database)).toEqual(idsOf([first, second]));
});

test('a batch that is delivered again after a restart', async () => {
  const { database, recorder } = await openLog();
  const sent = heartbeats(300);
  await recorder.record(sent.slice(0, 200));
  await recorderOf(database).record(sent.slice(150));
  expect(await allIds(database)).toEqual(idsOf(sent));
});

test('a batch whose commit was in doubt: committed but said to have failed, and failed indeed', async () => {
  const { database } = await openLog();
  const answers: string[] = [];
  const { recorder } = withCommit(database, async (commit) => {
    const answer = answers.shift();
    if (answer !== 'failed') await commit();
    if (answer !== undefined) throw new StorageUnavailable('the thread is gone');
  });
  await recorder.record([message({ messageTime: at(-1) })]);
  const sent = heartbeats(20);
  for (const [batch, answer] of [
    [sent.slice(0, 10), 'committed'],
    [sent.slice(10), 'failed'],
  ] as const) {
    answers.push(answer);
    await expect(recorder.record(batch)).rejects.toBeInstanceOf(StorageUnavailable);
    await recorder.record(batch);
  }
  expect((await allIds(database)).slice(1)).toEqual(idsOf(sent));
});

test('a batch that is delivered again hours later, when the process has forgotten it', async () => {
  const { database, recorder } = await openLog();
  const early = heartbeats(100);
  await recorder.record(early);
  const info = 'x'.repeat(100_000);
  const later = Array.from({ length: 60 }, (_, n) =>
    message({ messageTime: at(10_000_000 + n), body: { messageBody: { info } } }),
  );
  for (const envelope of later) await recorder.record([envelope]);
  await recorder.record([...early, ...later.slice(0, 3)]);
  expect(await allIds(database)).toEqual(idsOf([...early, ...later]));
});

test('ids that are no UUIDs, of other programs, count as well', async () => {
  const { database, recorder } = await openLog();
  const odd = ['b', 'a', 'ü', '', '"', 'a'.repeat(500)].map((id, n) => message({ id, messageTime: at(n) }));
  await recorder.record(odd);
  await recorder.record(odd.toReversed());
  await recorderOf(database).record(odd);
  expect(await allIds(database)).toEqual(idsOf(odd));
});

test.skipIf(sqliteOnly)(
  'messages that overtook each other are told to be new without a look into the database',
  async () => {
    const { database } = await openLog();
    const { recorder, asked } = withCommit(database, async (commit) => void (await commit()));
    const sent = heartbeats(400);
    await recorder.record(sent.slice(0, 1));
    const askedAtStart = asked.times;
    await recorder.record(sent.slice(200, 400));
    await recorder.record(sent.slice(100, 200).toReversed());
    await recorder.record(sent.slice(1, 100));
    expect(asked.times).toBe(askedAtStart);
    expect(await allIds(database)).toEqual(idsOf(sent));
  },
);

test('messages of a node whose clock is behind or ahead are logged once like all others', async () => {
  const { database, recorder } = await openLog();
  const ahead = message({ id: 'ffffffff-ffff-7000-8000-000000000001', serverNode: 'ahead' });
  const behind = message({ id: '00000000-0001-7000-8000-000000000001', serverNode: 'behind', messageTime: at(1) });
  const usual = [2, 3, 4].map((n) => message({ messageTime: at(n) }));
  await recorder.record([ahead]);
  await recorder.record([behind, ...usual.slice(0, 1)]);
  const next = recorderOf(database);
  await next.record(usual);
  await next.record([behind, ahead, ...usual]);
  expect(await allIds(database)).toEqual(idsOf([ahead, behind, ...usual]));
});
