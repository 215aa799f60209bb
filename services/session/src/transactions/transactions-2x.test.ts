import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TestSession, testSessions } from '../test-support/test-session.ts';
import type { TransactionView } from './transaction-view.ts';

const startTestSession = testSessions();

interface Detail extends TransactionView {
  missingSeqNos: number[];
  evidence: { repeated: boolean }[];
}

const idToken = { idToken: 'TAG1', type: 'ISO14443' };
const minute = (n: number) => `2026-01-02T02:${String(n).padStart(2, '0')}:00Z`;
const reading = (n: number, value: number, context = 'Sample.Periodic') => [
  {
    timestamp: minute(n),
    sampledValue: [{ value, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } }],
  },
];

/** The events of a whole transaction: Started, three Updated, Ended. */
function wholeTransaction(transactionId: string): object[] {
  const info = (more: object = {}) => ({ transactionInfo: { transactionId, ...more } });
  return [
    {
      eventType: 'Started',
      seqNo: 0,
      timestamp: minute(0),
      triggerReason: 'CablePluggedIn',
      evse: { id: 1, connectorId: 1 },
      ...info({ chargingState: 'EVConnected' }),
    },
    {
      eventType: 'Updated',
      seqNo: 1,
      timestamp: minute(1),
      triggerReason: 'Authorized',
      idToken,
      meterValue: reading(1, 1000, 'Transaction.Begin'),
      ...info(),
    },
    {
      eventType: 'Updated',
      seqNo: 2,
      timestamp: minute(2),
      triggerReason: 'ChargingStateChanged',
      ...info({ chargingState: 'Charging' }),
    },
    {
      eventType: 'Updated',
      seqNo: 3,
      timestamp: minute(10),
      triggerReason: 'MeterValuePeriodic',
      offline: true,
      meterValue: reading(10, 1800),
      ...info(),
    },
    {
      eventType: 'Ended',
      seqNo: 4,
      timestamp: minute(30),
      triggerReason: 'StopAuthorized',
      idToken,
      meterValue: reading(30, 3500, 'Transaction.End'),
      ...info({ chargingState: 'EVConnected', stoppedReason: 'Local' }),
    },
  ];
}

async function prepare(): Promise<TestSession> {
  const session = await startTestSession({ version: 'ocpp2.0.1' });
  await session.addToken('TAG1', { parentIdToken: 'FLEET' });
  return session;
}

async function send(session: TestSession, events: readonly (object | undefined)[], client = 'CP001') {
  const answers = [];
  for (const event of events) if (event) answers.push(await session.call('TransactionEvent', event, { client }));
  return answers;
}

async function detail(session: TestSession, name: string): Promise<Detail> {
  const { body } = await session.rest<Detail>('GET', `/transactions/${encodeURIComponent(name)}`);
  return body;
}

const codes = ({ flags }: TransactionView) => flags.map(({ code }) => code);

describe('a 2.x transaction', () => {
  test('TC_E_03, TC_C_39: from plug to plug; idTokenInfo if, and only if, a token was presented', async () => {
    const session = await prepare();
    const accepted = { idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'FLEET', type: 'Central' } } };
    expect(await send(session, wholeTransaction('tx1'))).toEqual([{}, accepted, {}, {}, accepted]);
    expect(await detail(session, 'tx1')).toMatchObject({
      active: false,
      evseId: 1,
      connectorId: 1,
      idToken: 'TAG1',
      parentIdToken: 'FLEET',
      authorizationStatus: 'Accepted',
      startedAt: '2026-01-02T02:00:00.000Z',
      stoppedAt: '2026-01-02T02:30:00.000Z',
      meterStartWh: 1000,
      meterStopWh: 3500,
      energyWh: 2500,
      reason: 'Local',
      chargingState: 'EVConnected',
      offline: true,
      missingSeqNos: [],
      flags: [{ code: 'offline' }],
    });
    expect(session.events.map(({ event }) => event)).toEqual(['TransactionStarted', 'TransactionEnded']);
  });

  test('row 42: whatever the order, however often, with a restart in between: the same ledger', async () => {
    const session = await prepare();
    const events = wholeTransaction('tx');
    await send(session, events, 'IN-ORDER');
    const { id: _, networkId: __, evidence: ___, ...expected } = await detail(session, 'IN-ORDER:tx');
    let run = 0;
    const someOrder = fc.tuple(
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
      fc.array(fc.tuple(fc.nat(4), fc.nat(9)), { maxLength: 4 }),
      fc.nat(20),
    );
    await fc.assert(
      fc.asyncProperty(someOrder, async ([order, repeats, restartAt]) => {
        const client = `CP${run++}`;
        const sequence = [...order];
        for (const [event, place] of repeats) sequence.splice(place, 0, event);
        for (const [index, number] of sequence.entries()) {
          if (index === restartAt) await session.restart();
          await send(session, [events[number]], client);
        }
        const { id: _1, networkId: _2, evidence, ...ledger } = await detail(session, `${client}:tx`);
        expect(ledger).toEqual(expected);
        expect(evidence.filter(({ repeated }) => !repeated)).toHaveLength(5);
      }),
      { numRuns: 30 },
    );
    const ended = session.events.filter(({ event }) => event === 'TransactionEnded');
    expect(ended).toHaveLength(run + 1);
  }, 60_000);

  test('row 42: an Ended that comes first ends it, and what comes later does not open it again', async () => {
    const session = await prepare();
    const [started, authorized, charging, , ended] = wholeTransaction('tx');
    await send(session, [ended]);
    expect(await detail(session, 'tx')).toMatchObject({ active: false, missingSeqNos: [0, 1, 2, 3] });
    expect(codes(await detail(session, 'tx'))).toContain('no-started-event');
    await send(session, [charging, started, authorized]);
    expect(await detail(session, 'tx')).toMatchObject({
      active: false,
      missingSeqNos: [3],
      flags: [{ code: 'missing-events' }],
      energyWh: 2500,
    });
  });

  test('an update with a higher number after Ended does not open it again', async () => {
    const session = await prepare();
    await send(session, [
      ...wholeTransaction('tx'),
      {
        eventType: 'Updated',
        seqNo: 9,
        timestamp: minute(31),
        triggerReason: 'Trigger',
        transactionInfo: { transactionId: 'tx', chargingState: 'Charging' },
      },
    ]);
    expect(await detail(session, 'tx')).toMatchObject({
      active: false,
      chargingState: 'Charging',
      missingSeqNos: [5, 6, 7, 8],
    });
  });

  test('TC_E_53: numbers begin at 0 in each transaction; ids are of one charge point alone', async () => {
    const session = await prepare();
    await send(session, [...wholeTransaction('a'), ...wholeTransaction('b')]);
    await send(session, wholeTransaction('a').slice(0, 1), 'CP002');
    expect(await detail(session, 'CP001:a')).toMatchObject({ active: false, missingSeqNos: [] });
    expect(await detail(session, 'CP001:b')).toMatchObject({ active: false, missingSeqNos: [] });
    expect(await detail(session, 'CP002:a')).toMatchObject({ active: true });
    expect((await session.rest('GET', '/transactions/a')).status).toBe(409);
  });

  test('TC_E_16, TC_C_20: an invalid token in an event is Unknown, and the transaction is known', async () => {
    const session = await prepare();
    const event = { ...wholeTransaction('tx')[1], idToken: { idToken: 'NOBODY', type: 'ISO14443' } };
    expect(await session.call('TransactionEvent', event)).toEqual({ idTokenInfo: { status: 'Unknown' } });
    expect(await detail(session, 'tx')).toMatchObject({
      active: true,
      idToken: 'NOBODY',
      authorizationStatus: 'Unknown',
    });
  });

  test('a token for one transaction at a time goes on with its own', async () => {
    const session = await startTestSession({ version: 'ocpp2.0.1' });
    await session.addToken('TAG1', { allowConcurrent: false });
    const [, authorized] = wholeTransaction('tx');
    const accepted = { idTokenInfo: { status: 'Accepted' } };
    expect(await send(session, [authorized, { ...authorized, seqNo: 5 }])).toEqual([accepted, accepted]);
    expect(await send(session, [authorized], 'CP002')).toEqual([{ idTokenInfo: { status: 'ConcurrentTx' } }]);
  });

  test('an event without number, time, evse or type is answered', async () => {
    const session = await prepare();
    expect(await session.call('TransactionEvent', { transactionInfo: { transactionId: 'tx' } })).toEqual({});
    expect(codes(await detail(session, 'tx'))).toEqual(['implausible-time', 'no-seqno', 'no-started-event']);
    expect(await session.call('TransactionEvent', {})).toEqual({});
  });

  test('a number that is used twice does not swallow the Ended', async () => {
    const session = await prepare();
    const [started, , , , ended] = wholeTransaction('tx');
    await send(session, [started, { ...ended, seqNo: 0 }]);
    expect(await detail(session, 'tx')).toMatchObject({ active: false });
    expect(codes(await detail(session, 'tx'))).toContain('seqno-reused');
  });

  test('an id that is used for two transactions is disputed', async () => {
    const session = await prepare();
    const events = wholeTransaction('1');
    await send(session, [...events, { ...events[0], timestamp: minute(40) }]);
    expect(await detail(session, '1')).toMatchObject({ disputed: true, active: false });
    expect(codes(await detail(session, '1'))).toContain('transaction-id-reused');
  });

  test('another start at the EVSE closes the one before; its Ended counts when it comes', async () => {
    const session = await prepare();
    const [started, authorized, , , ended] = wholeTransaction('old');
    const later = { ...wholeTransaction('new')[0], timestamp: minute(40) };
    await send(session, [started, authorized, later]);
    expect(await detail(session, 'old')).toMatchObject({ active: false });
    expect(codes(await detail(session, 'old'))).toEqual(['no-stop-received']);
    await send(session, [ended]);
    expect(codes(await detail(session, 'old'))).toEqual(['late-stop', 'missing-events']);
    expect(await detail(session, 'new')).toMatchObject({ active: true });
  });

  test('a stop with the token of somebody else is flagged, with one of the group it is not', async () => {
    const session = await prepare();
    await session.addToken('TAG2', { parentIdToken: 'FLEET' });
    await session.addToken('TAG3');
    const endedBy = (id: string, by: string) => [
      ...wholeTransaction(id).slice(0, 4),
      { ...wholeTransaction(id)[4], idToken: { idToken: by, type: 'ISO14443' } },
    ];
    await send(session, [...endedBy('a', 'TAG2'), ...endedBy('b', 'TAG3')]);
    expect(codes(await detail(session, 'a'))).toEqual(['offline']);
    expect(codes(await detail(session, 'b'))).toEqual(['offline', 'stopped-by-other-token']);
    expect(await detail(session, 'b')).toMatchObject({ idToken: 'TAG1', stopIdToken: 'TAG3', energyWh: 2500 });
  });

  test('TC_F_01, TC_E_21: remote start by its id, remote stop', async () => {
    const session = await prepare();
    const request = { remoteStartId: 77, evseId: 1, idToken };
    const answer = await session.answered('RequestStartTransaction', request, { status: 'Accepted' });
    const [started, , , , ended] = wholeTransaction('tx');
    await send(session, [{ ...started, transactionInfo: { transactionId: 'tx', remoteStartId: 77 } }]);
    expect((await detail(session, 'tx')).remoteStart).toMatchObject({ callId: answer.answerTo, remoteStartId: 77 });
    await session.answered('RequestStopTransaction', { transactionId: 'tx' }, { status: 'Accepted' });
    await send(session, [{ ...ended, transactionInfo: { transactionId: 'tx', stoppedReason: 'Remote' } }]);
    expect(await detail(session, 'tx')).toMatchObject({
      reason: 'Remote',
      stopRequestedAt: '2026-01-02T03:00:00.000Z',
    });
    expect((await detail(session, 'tx')).remoteStart).toBeDefined();
  });

  test('2.1 speaks the same', async () => {
    const session = await startTestSession({ version: 'ocpp2.1' });
    await session.addToken('TAG1');
    await send(session, wholeTransaction('tx'));
    expect(await detail(session, 'tx')).toMatchObject({ protocol: 'ocpp2.1', energyWh: 2500 });
  });
});
