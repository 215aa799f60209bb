import { randomBytes } from 'node:crypto';
import type { Envelope } from '@ocpp-csms/bus';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { type Database, StorageUnavailable } from '@ocpp-csms/storage';
import { expect, test } from 'vitest';
import { answerTo, at, heartbeats, message } from '../test-support/envelopes.ts';
import { openLog, sqliteOnly } from '../test-support/open-log.ts';
import { allIds } from '../test-support/read-log.ts';
import { findMessage } from './find-messages.ts';
import { createLogIndex } from './log-index.ts';
import { pairAnswers } from './pair-answers.ts';
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

test('a batch whose rest, without what is logged already, needs more blocks than the batch', async () => {
  const { database, recorder } = await openLog();
  const first = message({ messageTime: at(0) });
  const others = [-5000, 5000].map((time) => message({ messageTime: at(time) }));
  await recorder.record([first]);
  await Promise.all([recorder.record([first, ...others]), recorder.record([message({ messageTime: at(9000) })])]);
  await recorder.record([message({ messageTime: at(10_000) })]);
  expect(await allIds(database)).toHaveLength(5);
});

test('a batch of 1,500 messages of which each needs a block of its own', async () => {
  const { database, recorder } = await openLog();
  const sent = Array.from({ length: 1500 }, (_, n) => message({ id: `odd ${n}`, messageTime: at(n) }));
  await recorder.record(sent);
  await recorder.record(sent.toReversed());
  expect(await allIds(database)).toEqual(idsOf(sent));
});

test('ids, clients and actions of any length are logged once and found', async () => {
  const { database, recorder } = await openLog();
  const long = (n: number) => randomBytes(3000 + n).toString('hex');
  const sent = [0, 1, 2].map((n) =>
    message({ id: long(n), client: long(n), messageTime: at(n), body: { messageType: long(n) } }),
  );
  const answers = sent.map((call) => answerTo(call, { id: `01${long(5)}`, messageTime: at(10) }));
  await recorder.record([...sent, ...answers]);
  await recorderOf(database).record([...answers, ...sent]);
  const log = createLog({ service: 'test', settings: { ...defaultSettings().log, level: 'silent', dir: '' } });
  for (const _ of ['before it is indexed', 'after']) {
    expect(await allIds(database)).toHaveLength(6);
    const { client, body, id } = sent[1] as Envelope;
    expect(await allIds(database, { query: { client, direction: 2 } })).toEqual([id]);
    expect(await allIds(database, { query: { messageType: body.messageType, direction: 2 } })).toEqual([id]);
    const line = await findMessage(database.read, id);
    expect((await pairAnswers(database.read, line === undefined ? [] : [line]))[0]?.answer?.id).toBe(answers[1]?.id);
    await createLogIndex({ database, log }).update();
  }
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
