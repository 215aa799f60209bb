import { describe, expect, test } from 'vitest';
import { startTestSession, type TestSession } from '../test-support/test-session.ts';
import type { TransactionView } from './transaction-view.ts';

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

async function begin(session: TestSession, more: object = {}, client = 'CP001'): Promise<StartAnswer> {
  return session.call<StartAnswer>('StartTransaction', { ...start, ...more }, { client });
}

async function ledger(session: TestSession, query = ''): Promise<TransactionView[]> {
  const { body } = await session.rest<{ items: TransactionView[] }>('GET', `/transactions${query}`);
  return body.items;
}

async function detail(session: TestSession, name: string | number): Promise<Detail> {
  const { body } = await session.rest<Detail>('GET', `/transactions/${encodeURIComponent(name)}`);
  return body;
}

const codes = ({ flags }: TransactionView) => flags.map(({ code }) => code);

describe('a 1.6 transaction', () => {
  test('TC_003: start, stop, energy and evidence', async () => {
    const session = await startTestSession();
    await session.addToken('TAG1');
    const { transactionId, idTagInfo } = await begin(session);
    expect(idTagInfo).toEqual({ status: 'Accepted' });
    expect(transactionId).toBeGreaterThan(0);
    expect(transactionId).toBeLessThan(2 ** 31);
    expect(await ledger(session, '?active=true')).toHaveLength(1);
    expect(await session.call('StopTransaction', { ...stop, transactionId })).toEqual({
      idTagInfo: { status: 'Accepted' },
    });
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
    expect(session.events.map(({ event }) => event)).toEqual(['TransactionStarted', 'TransactionEnded']);
  });

  test('row 33: StartTransaction repeated with a new message id gets the same transaction', async () => {
    const session = await startTestSession();
    const first = await begin(session);
    const second = await begin(session);
    expect(second.transactionId).toBe(first.transactionId);
    expect(await ledger(session)).toHaveLength(1);
    expect((await detail(session, first.transactionId)).evidence.map(({ repeated }) => repeated)).toEqual([
      false,
      true,
    ]);
  });

  test('a redelivered envelope gets the stored answer and has no effect', async () => {
    const session = await startTestSession();
    const message = session.envelope('StartTransaction', start);
    await session.publish(message);
    await session.restart();
    await session.publish(message);
    const [one, two] = session.sent;
    expect(two?.body.messageBody).toEqual(one?.body.messageBody);
    expect(await ledger(session)).toHaveLength(1);
  });

  test('row 34: a start repeated after the stop gets the same id and opens nothing', async () => {
    const session = await startTestSession();
    const { transactionId } = await begin(session);
    await session.call('StopTransaction', { ...stop, transactionId });
    expect((await begin(session)).transactionId).toBe(transactionId);
    expect(await ledger(session, '?active=true')).toHaveLength(0);
    expect(await ledger(session)).toHaveLength(1);
  });

  test('row 43, TC_037_3: an invalid tag gets a transaction id and Invalid', async () => {
    const session = await startTestSession();
    const { transactionId, idTagInfo } = await begin(session);
    expect(transactionId).toBeGreaterThan(0);
    expect(idTagInfo.status).toBe('Invalid');
    expect(codes(await detail(session, transactionId))).toEqual(['token-refused']);
  });

  test.each([0, -1, 4711])(
    'row 37: a stop with id %i that fits nothing is answered and kept for review',
    async (transactionId) => {
      const session = await startTestSession();
      expect(await session.call('StopTransaction', { ...stop, transactionId, idTag: undefined })).toEqual({});
      const { body } = await session.rest<{ items: { transactionId: string }[] }>('GET', '/transactions/orphans');
      expect(body.items.map((orphan) => orphan.transactionId)).toEqual([String(transactionId)]);
    },
  );

  test('row 10 of §0: a stop for the transaction of another charge point changes nothing there', async () => {
    const session = await startTestSession();
    const { transactionId } = await begin(session, {}, 'CP-B');
    expect(await session.call('StopTransaction', { ...stop, transactionId }, { client: 'CP-A' })).toHaveProperty(
      'idTagInfo',
    );
    expect(await detail(session, transactionId)).toMatchObject({
      active: true,
      networkId: 'CP-B',
      flags: [{ code: 'token-refused' }],
    });
    const { body } = await session.rest<{ items: { flags: { code: string }[] }[] }>('GET', '/transactions/orphans');
    expect(body.items[0]?.flags.map(({ code }) => code)).toEqual(['foreign-transaction-id']);
  });
});
