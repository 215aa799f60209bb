import { describe, expect, test } from 'vitest';
import type { ReadingView } from '../meter-values/query-meter-values.ts';
import { type TestSession, testSessions } from '../test-support/test-session.ts';
import type { TransactionView } from './transaction-view.ts';

const startTestSession = testSessions();

const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: '2026-01-02T02:00:00Z' };
const stop = { idTag: 'TAG1', meterStop: 3500, timestamp: '2026-01-02T02:30:00Z', reason: 'Local' };

interface StartAnswer {
  transactionId: number;
  idTagInfo: { status: string };
}
interface Detail extends TransactionView {
  evidence: { messageType: string; repeated: boolean; envelopeId: string }[];
  missingSeqNos: number[];
}
interface Orphan {
  transactionId: string;
  networkId: string;
  flags: { code: string; words: string }[];
}

/** A session where TAG1 is known. */
async function prepare(): Promise<TestSession> {
  const session = await startTestSession();
  await session.addToken('TAG1');
  return session;
}

async function begin(session: TestSession, more: object = {}, client = 'CP001'): Promise<number> {
  return (await session.call<StartAnswer>('StartTransaction', { ...start, ...more }, { client })).transactionId;
}

async function end(session: TestSession, transactionId: number, more: object = {}, client = 'CP001'): Promise<object> {
  return session.call('StopTransaction', { ...stop, transactionId, ...more }, { client });
}

async function ledger(session: TestSession, query = ''): Promise<TransactionView[]> {
  const { body } = await session.rest<{ items: TransactionView[] }>('GET', `/transactions${query}`);
  return body.items;
}

async function detail(session: TestSession, name: string | number): Promise<Detail> {
  const { body } = await session.rest<Detail>('GET', `/transactions/${encodeURIComponent(name)}`);
  return body;
}

async function orphans(session: TestSession): Promise<Orphan[]> {
  const { body } = await session.rest<{ items: Orphan[] }>('GET', '/transactions/orphans');
  return body.items;
}

async function readings(session: TestSession, name: string | number): Promise<ReadingView[]> {
  const { body } = await session.rest<{ items: ReadingView[] }>('GET', `/transactions/${name}/meter-values`);
  return body.items;
}

const codes = ({ flags }: Pick<TransactionView, 'flags'>) => flags.map(({ code }) => code);

const register = (timestamp: string, value: string | number) => ({
  timestamp,
  sampledValue: [{ value: String(value) }],
});

describe('a 1.6 transaction', () => {
  test('TC_003: start, stop, energy and evidence', async () => {
    const session = await prepare();
    const { transactionId, idTagInfo } = await session.call<StartAnswer>('StartTransaction', start);
    expect(idTagInfo).toEqual({ status: 'Accepted' });
    expect(transactionId).toBeGreaterThan(0);
    expect(transactionId).toBeLessThan(2 ** 31);
    expect(await ledger(session, '?active=true')).toHaveLength(1);
    expect(await end(session, transactionId)).toEqual({ idTagInfo: { status: 'Accepted' } });
    const transaction = await detail(session, transactionId);
    expect(transaction).toMatchObject({
      active: false,
      startedAt: '2026-01-02T02:00:00.000Z',
      stoppedAt: '2026-01-02T02:30:00.000Z',
      meterStartWh: 1000,
      meterStopWh: 3500,
      energyWh: 2500,
      disputed: false,
      reason: 'Local',
      flags: [],
    });
    expect(transaction.evidence.map(({ messageType }) => messageType)).toEqual(['StartTransaction', 'StopTransaction']);
    expect(session.events.map(({ event, data }) => [event, data.energyWh])).toEqual([
      ['TransactionStarted', undefined],
      ['TransactionEnded', 2500],
    ]);
  });

  test('TC_037_1, TC_039: an offline session keeps its own times', async () => {
    const session = await prepare();
    const id = await begin(session, { timestamp: '2025-10-02T02:00:00Z' });
    await end(session, id, { timestamp: '2025-10-02T05:00:00Z', transactionId: id });
    expect(await detail(session, id)).toMatchObject({
      startedAt: '2025-10-02T02:00:00.000Z',
      stoppedAt: '2025-10-02T05:00:00.000Z',
      energyWh: 2500,
      flags: [],
    });
  });

  test('row 43, TC_037_3: an invalid tag gets a transaction id and Invalid', async () => {
    const session = await prepare();
    const { transactionId, idTagInfo } = await session.call<StartAnswer>('StartTransaction', {
      ...start,
      idTag: 'NOBODY',
    });
    expect(transactionId).toBeGreaterThan(0);
    expect(idTagInfo.status).toBe('Invalid');
    await end(session, transactionId, { idTag: undefined, reason: 'DeAuthorized' });
    expect(await detail(session, transactionId)).toMatchObject({
      reason: 'DeAuthorized',
      flags: [{ code: 'token-refused' }],
    });
  });

  test('a start without anything that the schema requires gets an id all the same', async () => {
    const session = await prepare();
    const { transactionId } = await session.call<StartAnswer>('StartTransaction', {});
    expect(transactionId).toBeGreaterThan(0);
    expect(codes(await detail(session, transactionId))).toEqual(['implausible-time', 'token-refused']);
    expect(await session.call('StopTransaction', {})).toEqual({});
  });
});

describe('rows 33, 34: repeats', () => {
  test('StartTransaction repeated with a new message id gets the same transaction', async () => {
    const session = await prepare();
    const id = await begin(session);
    expect(await begin(session)).toBe(id);
    expect(await ledger(session)).toHaveLength(1);
    expect((await detail(session, id)).evidence.map(({ repeated }) => repeated)).toEqual([false, true]);
    expect(session.events).toHaveLength(1);
  });

  test('a start that is repeated for ever does not fill the database', async () => {
    const session = await prepare();
    const id = await begin(session);
    for (let n = 0; n < 110; n++) await begin(session);
    expect((await detail(session, id)).evidence).toHaveLength(101);
  });

  test('the repeat is known after a restart, and with the tag in other letters', async () => {
    const session = await prepare();
    const id = await begin(session);
    await session.restart();
    expect(await begin(session, { idTag: 'tag1' })).toBe(id);
  });

  test('two starts that differ in connector, tag, time or meter are two transactions', async () => {
    const session = await prepare();
    const differences = [
      {},
      { connectorId: 2 },
      { idTag: 'TAG2' },
      { timestamp: '2026-01-02T02:00:01Z' },
      { meterStart: 1001 },
    ];
    const ids = [];
    for (const difference of differences) ids.push(await begin(session, difference));
    ids.push(await begin(session, {}, 'CP002'));
    expect(new Set(ids).size).toBe(differences.length + 1);
  });

  test('two repeats in one batch get one transaction', async () => {
    const session = await prepare();
    const ids = await Promise.all(Array.from({ length: 20 }, () => begin(session)));
    expect(new Set(ids).size).toBe(1);
  });

  test('a start repeated after the stop gets the same id and opens nothing', async () => {
    const session = await prepare();
    const id = await begin(session);
    await end(session, id);
    expect(await begin(session)).toBe(id);
    expect(await ledger(session, '?active=true')).toHaveLength(0);
    expect(await ledger(session)).toHaveLength(1);
  });

  test('a redelivered envelope gets the stored answer and has no effect', async () => {
    const session = await prepare();
    const message = session.envelope('StartTransaction', start);
    await session.publish(message);
    await session.restart();
    await session.publish(message);
    const answers = session.sent.map(({ body }) => body);
    expect(answers[1]).toEqual(answers[0]);
    const { transactionId } = answers[0]!.messageBody as StartAnswer;
    expect((await detail(session, transactionId)).evidence).toHaveLength(1);
  });

  test('a stop repeated is answered and counts once; with other contents the first one counts', async () => {
    const session = await prepare();
    const id = await begin(session);
    await end(session, id, { transactionData: [register('2026-01-02T02:15:00Z', 2000)] });
    await end(session, id, { transactionData: [register('2026-01-02T02:15:00Z', 2000)] });
    expect(await detail(session, id)).toMatchObject({ energyWh: 2500, flags: [] });
    expect(await readings(session, id)).toHaveLength(1);
    expect(await end(session, id, { meterStop: 9000 })).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await detail(session, id)).toMatchObject({ energyWh: 2500, flags: [{ code: 'conflicting-stop' }] });
    expect(session.events.filter(({ event }) => event === 'TransactionEnded')).toHaveLength(1);
  });
});

describe('row 35: a clock that is not set', () => {
  const weak = { timestamp: '1970-01-01T00:00:10Z', meterStart: 0 };
  const boot = (session: TestSession) =>
    session.tell('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' });

  test('a repeat is a repeat, and flagged', async () => {
    const session = await prepare();
    const id = await begin(session, weak);
    session.setTime('2026-01-02T03:05:00Z');
    expect(await begin(session, weak)).toBe(id);
    expect(await detail(session, id)).toMatchObject({
      startedAt: '2026-01-02T03:00:00.000Z',
      startedAtRaw: weak.timestamp,
    });
    expect(codes(await detail(session, id))).toEqual(['implausible-time', 'weak-clock']);
  });

  test('the same start after a stop and a reboot is a new session', async () => {
    const session = await prepare();
    const first = await begin(session, weak);
    await end(session, first, { timestamp: '1970-01-01T00:10:00Z' });
    session.setTime('2026-01-02T04:00:00Z');
    await boot(session);
    session.setTime('2026-01-02T04:01:00Z');
    const second = await begin(session, weak);
    expect(second).not.toBe(first);
    expect(codes(await detail(session, second))).toEqual(['implausible-time', 'weak-clock-new-session']);
    expect(await begin(session, weak)).toBe(second);
  });

  test('after a reboot, a start that is repeated within minutes is a repeat', async () => {
    const session = await prepare();
    const first = await begin(session, weak);
    session.setTime('2026-01-02T03:02:00Z');
    await boot(session);
    expect(await begin(session, weak)).toBe(first);
  });

  test.each(['1000000', '222222017-01-01T00:00:00Z', 'null', ''])('a time %j is never an error', async (timestamp) => {
    const session = await prepare();
    const id = await begin(session, { timestamp });
    expect(await end(session, id, { timestamp })).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await detail(session, id)).toMatchObject({ energyWh: 2500, startedAtRaw: timestamp });
  });
});

describe('row 37: a stop without an id that we gave', () => {
  test.each([0, -1, 4711, undefined])(
    'id %s that fits nothing is answered and kept for review',
    async (transactionId) => {
      const session = await prepare();
      expect(await session.call('StopTransaction', { ...stop, transactionId, idTag: undefined })).toEqual({});
      const [orphan] = await orphans(session);
      expect(orphan?.networkId).toBe('CP001');
      expect(orphan?.flags[0]?.words).toMatch(/fits none without doubt/);
    },
  );

  test.each([-1, 0, 4711])('id %s ends the one open transaction of that tag', async (transactionId) => {
    const session = await prepare();
    const id = await begin(session);
    expect(await end(session, transactionId)).toEqual({ idTagInfo: { status: 'Accepted' } });
    await end(session, transactionId);
    expect(await detail(session, id)).toMatchObject({
      active: false,
      energyWh: 2500,
      flags: [{ code: 'matched-without-id' }],
    });
    expect((await detail(session, id)).evidence.map(({ repeated }) => repeated)).toEqual([false, false, true]);
    expect(await orphans(session)).toEqual([]);
  });

  test.each([
    ['another tag', { idTag: 'TAG2' }],
    ['an earlier time', { timestamp: '2026-01-02T01:00:00Z' }],
    ['a lower meter', { meterStop: 500 }],
  ])('with %s it ends nothing', async (_, difference) => {
    const session = await prepare();
    await begin(session);
    await end(session, -1, difference);
    expect(await ledger(session, '?active=true')).toHaveLength(1);
    expect(await orphans(session)).toHaveLength(1);
  });

  test('row 39: with two that it fits it ends neither', async () => {
    const session = await prepare();
    await begin(session, { connectorId: 1 });
    await begin(session, { connectorId: 2 });
    await end(session, -1);
    expect(await ledger(session, '?active=true')).toHaveLength(2);
    expect(await orphans(session)).toHaveLength(1);
  });

  test('an id that is unknown ends nothing by time and meter alone', async () => {
    const session = await prepare();
    await begin(session);
    await end(session, 4711, { idTag: undefined });
    expect(await ledger(session, '?active=true')).toHaveLength(1);
  });

  test('it does not end a transaction whose id the charge point has used', async () => {
    const session = await prepare();
    const transactionId = await begin(session);
    await session.tell('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [register('2026-01-02T02:10:00Z', 1200)],
    });
    await end(session, -1);
    expect(await ledger(session, '?active=true')).toHaveLength(1);
  });

  test('the transaction of another charge point is left alone', async () => {
    const session = await prepare();
    const id = await begin(session, {}, 'CP-B');
    expect(await end(session, id, { transactionData: [register('2026-01-02T02:10:00Z', 1)] }, 'CP-A')).toHaveProperty(
      'idTagInfo',
    );
    expect(await detail(session, id)).toMatchObject({ active: true, networkId: 'CP-B', flags: [] });
    expect(await readings(session, id)).toEqual([]);
    expect((await orphans(session)).map(codes)).toEqual([['foreign-transaction-id']]);
  });

  test('a stop that is here before its start ends it when it comes', async () => {
    const session = await prepare();
    await end(session, -1);
    const id = await begin(session);
    expect(await detail(session, id)).toMatchObject({
      active: false,
      energyWh: 2500,
      flags: [{ code: 'matched-without-id' }],
    });
    expect(await orphans(session)).toEqual([]);
    expect((await detail(session, id)).evidence).toHaveLength(2);
  });
});

describe('what ends and what does not', () => {
  test('another start on the connector closes the one before, and its late stop counts', async () => {
    const session = await prepare();
    const first = await begin(session);
    const second = await begin(session, { timestamp: '2026-01-02T02:40:00Z', meterStart: 3500 });
    expect(await detail(session, first)).toMatchObject({ active: false, flags: [{ code: 'no-stop-received' }] });
    expect(await detail(session, first)).not.toHaveProperty('stoppedAt');
    expect(await detail(session, second)).toMatchObject({ active: true });
    await end(session, first);
    expect(await detail(session, first)).toMatchObject({ energyWh: 2500, flags: [{ code: 'late-stop' }] });
  });

  test('row 41: a start of long ago does not close what goes on now', async () => {
    const session = await prepare();
    const now = await begin(session);
    await begin(session, { timestamp: '2025-11-02T02:00:00Z' });
    expect(await detail(session, now)).toMatchObject({ active: true, flags: [] });
  });

  test('citrineos#213: a stop with the tag of somebody else is recorded, and the owner’s bill is intact', async () => {
    const session = await prepare();
    const id = await begin(session);
    await end(session, id, { idTag: 'STRANGER' });
    expect(await detail(session, id)).toMatchObject({
      idToken: 'TAG1',
      stopIdToken: 'STRANGER',
      energyWh: 2500,
      flags: [{ code: 'stopped-by-other-token' }],
    });
  });

  test('a stop with a tag of the same group is as good as the own one', async () => {
    const session = await startTestSession();
    for (const name of ['TAG1', 'TAG2']) await session.addToken(name, { parentIdToken: 'FLEET' });
    const id = await begin(session);
    await end(session, id, { idTag: 'TAG2' });
    expect(await detail(session, id)).toMatchObject({ stopIdToken: 'TAG2', flags: [] });
  });

  test('row 44: a stop below the start is disputed, with its sources', async () => {
    const session = await prepare();
    const id = await begin(session, { meterStart: 4_076_000 });
    await end(session, id, { meterStop: 12 });
    expect(await detail(session, id)).toMatchObject({
      energyWh: null,
      disputed: true,
      meterStartWh: 4_076_000,
      meterStopWh: 12,
      flags: [{ code: 'meter-went-backwards' }],
    });
    expect(await ledger(session, '?flag=meter-went-backwards')).toHaveLength(1);
    expect(await ledger(session, '?flag=meter-reset')).toHaveLength(0);
  });

  test('a stop without a meter reading takes the samples', async () => {
    const session = await prepare();
    const id = await begin(session);
    await end(session, id, {
      meterStop: undefined,
      transactionData: [register('2026-01-02T02:10:00Z', 1400), register('2026-01-02T02:20:00Z', 1900)],
    });
    expect(await detail(session, id)).toMatchObject({ energyWh: 900, flags: [{ code: 'meter-from-samples' }] });
  });
});

describe('remote control', () => {
  const request = { idTag: 'TAG1', connectorId: 1 };

  test('TC_010: a remote start names the transaction that it led to', async () => {
    const session = await prepare();
    const answer = await session.answered('RemoteStartTransaction', request, { status: 'Accepted' });
    const id = await begin(session);
    expect((await detail(session, id)).remoteStart).toMatchObject({
      callId: answer.answerTo,
      messageId: answer.body.msgId,
    });
    const other = await begin(session, { timestamp: '2026-01-02T02:50:00Z' });
    expect(await detail(session, other)).not.toHaveProperty('remoteStart');
  });

  test.each([
    ['TC_026: rejected', { status: 'Rejected' }, {}, 0],
    ['for another tag', { status: 'Accepted' }, { idTag: 'TAG2' }, 0],
    ['for another connector', { status: 'Accepted' }, { connectorId: 2 }, 0],
    ['TC_011_2: long timed out', { status: 'Accepted' }, {}, 30],
  ])('a remote start %s names none', async (_, response, difference, minutes) => {
    const session = await prepare();
    await session.answered('RemoteStartTransaction', request, response);
    expect(await ledger(session)).toEqual([]);
    session.setTime(`2026-01-02T03:${String(minutes).padStart(2, '0')}:00Z`);
    expect(await detail(session, await begin(session, difference))).not.toHaveProperty('remoteStart');
  });

  test('TC_012, TC_028: a remote stop is noted when accepted; the transaction stays open until its stop', async () => {
    const session = await prepare();
    const id = await begin(session);
    await session.answered('RemoteStopTransaction', { transactionId: id }, { status: 'Rejected' });
    expect(await detail(session, id)).not.toHaveProperty('stopRequestedAt');
    await session.answered('RemoteStopTransaction', { transactionId: id }, { status: 'Accepted' });
    expect(await detail(session, id)).toMatchObject({ active: true, stopRequestedAt: '2026-01-02T03:00:00.000Z' });
    await end(session, id, { reason: 'Remote', idTag: undefined });
    expect(await detail(session, id)).toMatchObject({ active: false, reason: 'Remote' });
  });
});

describe('over REST', () => {
  test('transactions come in pages, filtered, and as JSON Lines', async () => {
    const session = await prepare();
    for (let n = 0; n < 5; n++)
      await begin(session, { meterStart: n, timestamp: `2026-01-0${n % 2 ? 1 : 2}T0${n % 3}:00:00Z` }, `CP${n}`);
    const one = await session.rest<{ items: TransactionView[]; nextCursor: string }>('GET', '/transactions?limit=3');
    const two = await session.rest<{ items: TransactionView[] }>(
      'GET',
      `/transactions?limit=3&cursor=${one.body.nextCursor}`,
    );
    const names = [...one.body.items, ...two.body.items].map(({ networkId }) => networkId);
    expect(names).toEqual(['CP4', 'CP3', 'CP2', 'CP1', 'CP0']);
    expect(await ledger(session, '?chargePointId=CP3')).toHaveLength(1);
    expect(await ledger(session, '?chargePointId=id-of-CP3')).toHaveLength(1);
    expect(await ledger(session, '?chargePointId=NOBODY')).toHaveLength(0);
    expect(await ledger(session, '?from=2026-01-02T00:00:00Z')).toHaveLength(3);
    expect(await ledger(session, '?idToken=tag1&to=2026-01-02T00:00:00Z')).toHaveLength(2);
    const { text } = await session.rest('GET', '/transactions/export?active=true');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as TransactionView).networkId),
    ).toEqual(names);
    expect((await session.rest('GET', '/transactions?flag=nonsense')).status).toBe(400);
    expect((await session.rest('GET', '/transactions/nonsense')).status).toBe(404);
  });

  test('a transaction is found by our id and by networkId:transactionId', async () => {
    const session = await prepare();
    const transactionId = await begin(session);
    const { id } = await detail(session, transactionId);
    expect((await detail(session, id)).transactionId).toBe(String(transactionId));
    expect((await detail(session, `CP001:${transactionId}`)).id).toBe(id);
  });
});
