import {
  type Bus,
  createIdSource,
  createMemoryBus,
  createMemoryParking,
  type DomainEvent,
  type Envelope,
} from '@ocpp-csms/bus';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { type Database, openDatabase } from '@ocpp-csms/storage';
import { createTestPlace, deadlocksIn } from '@ocpp-csms/storage/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import { saveToken, type Token } from './authorization/token-store.ts';
import { migrations } from './migrations/index.ts';
import { expireReservations } from './reservation/expire-reservations.ts';
import { saveReservation } from './reservation/reservation-store.ts';
import type { SessionSchema } from './schema.ts';
import { createSession } from './service.ts';

const node = 'csms-1';
const clock = { now: () => new Date('2026-01-02T03:00:00.000Z') };
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

/** A session with a bus of its own: as after a takeover, both may be handed the messages of one charge point. */
interface Instance {
  bus: Bus;
  events: DomainEvent[];
  /** The answer, when it is there. */
  call(envelope: Envelope): Promise<Record<string, unknown>>;
}

async function startTwo(): Promise<{ one: Instance; other: Instance; database: Database<SessionSchema> }> {
  const place = await createTestPlace();
  const settings = { ...defaultSettings(), ...place.settings };
  settings.log = { ...settings.log, dir: '', level: 'silent' };
  const stops: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const stop of stops.reverse()) await stop();
    await place.remove();
  });
  const newId = createIdSource();
  async function start(): Promise<Instance> {
    const groups = { MessagesIn: ['session'], MessagesSent: [], Events: ['test'] };
    const bus = createMemoryBus({ groups, parking: createMemoryParking() });
    stops.push(() => bus.stop({ timeoutMs: 1000 }));
    const events: DomainEvent[] = [];
    const sent: Envelope[] = [];
    await bus.consume('Events', 'test', async (batch) => void events.push(...batch));
    await bus.receive(node, async (envelope) => void sent.push(envelope));
    const log = createLog({ service: 'test', settings: settings.log });
    const session = await createSession({ settings, bus, log, clock, newId, directory: place.directory });
    await session.start();
    stops.push(() => session.stop());
    return {
      bus,
      events,
      async call(envelope) {
        await bus.publish('MessagesIn', envelope);
        const answer = sent.find(({ answerTo }) => answerTo === envelope.id);
        if (answer?.body.direction !== 3) throw new Error(`it was answered ${JSON.stringify(answer?.body)}`);
        return answer.body.messageBody as Record<string, unknown>;
      },
    };
  }
  const [one, other] = await Promise.all([start(), start()]);
  const database = await openDatabase<SessionSchema>({ name: 'session', ...place.options, migrations });
  stops.push(() => database.close());
  return { one, other, database };
}

let ids = 0;
function envelope(
  client: string,
  messageType: string,
  messageBody: object,
  protocol: Envelope['protocol'] = 'ocpp1.6',
): Envelope {
  const id = `019b7d00-0000-7000-8000-${String(++ids).padStart(12, '0')}`;
  return {
    serverNode: node,
    client,
    messageTime: clock.now().toISOString(),
    body: { direction: 2, msgId: `m-${id}`, messageType, messageBody: messageBody as Record<string, unknown> },
    id,
    origin: 'client',
    connection: 1,
    protocol: protocol ?? 'ocpp1.6',
  };
}

const start = (client: string, more: object = {}) =>
  envelope(client, 'StartTransaction', {
    connectorId: 1,
    idTag: 'T',
    meterStart: 0,
    timestamp: '2026-01-02T02:59:00Z',
    ...more,
  });
const rowsOf = ({ read }: Database<SessionSchema>) => read.selectFrom('charging_transaction').selectAll().execute();

// Several at once write one database with PostgreSQL alone: of the vitest project `postgresql`.
describe('two instances on one database', () => {
  test('a start that is handed to both is one transaction, answered by both with its id', async () => {
    const { one, other, database } = await startTwo();
    const starts = range(10).map((n) => start(`CP${n}`));
    const answers = await Promise.all(starts.flatMap((message) => [one.call(message), other.call(message)]));
    const rows = await rowsOf(database);
    expect(rows.length).toBe(10);
    for (const n of range(10)) expect(answers[2 * n]).toEqual(answers[2 * n + 1]);
    expect(new Set(answers.map(({ transactionId }) => transactionId)).size).toBe(10);
  });

  test('a start that is repeated under another message id at the other is the same transaction', async () => {
    const { one, other, database } = await startTwo();
    const answers = await Promise.all(
      range(10).flatMap((n) => [one.call(start(`CP${n}`)), other.call(start(`CP${n}`))]),
    );
    expect((await rowsOf(database)).length).toBe(10);
    for (const n of range(10)) expect(answers[2 * n]?.transactionId).toBe(answers[2 * n + 1]?.transactionId);
  });

  test('starts and stops of many charge points at both: every id is given once, nothing is lost', async () => {
    const { one, other, database } = await startTwo();
    await Promise.all(
      range(60).map(async (n) => {
        const [here, there] = n % 2 === 0 ? [one, other] : [other, one];
        const { transactionId } = await here.call(start(`CP${n}`, { idTag: `UNKNOWN${n % 3}` }));
        const stop = { transactionId, meterStop: 1000 + n, timestamp: '2026-01-02T02:59:30Z' };
        await there.call(envelope(`CP${n}`, 'StopTransaction', stop));
      }),
    );
    const rows = await rowsOf(database);
    expect(new Set(rows.map(({ transaction_id }) => transaction_id)).size).toBe(60);
    expect(rows.map(({ energy_wh }) => energy_wh).sort()).toEqual(
      range(60)
        .map((n) => 1000 + n)
        .sort(),
    );
    const unknown = await database.read.selectFrom('unknown_token').select('count').execute();
    expect(unknown.map(({ count }) => count)).toEqual([20, 20, 20]);
    expect([await one.bus.parked.count(), await other.bus.parked.count()]).toEqual([0, 0]);
  });

  test('events of one transaction that come to both at once are all counted', async () => {
    const { one, other, database } = await startTwo();
    const event = (seqNo: number, eventType: string) =>
      envelope(
        'CP2',
        'TransactionEvent',
        {
          eventType,
          seqNo,
          timestamp: `2026-01-02T02:59:${String(seqNo).padStart(2, '0')}Z`,
          triggerReason: 'MeterValuePeriodic',
          transactionInfo: { transactionId: 'TX' },
          meterValue: [
            {
              timestamp: `2026-01-02T02:59:${String(seqNo).padStart(2, '0')}Z`,
              sampledValue: [{ value: 100 * seqNo }],
            },
          ],
        },
        'ocpp2.0.1',
      );
    const messages = range(20).map((n) => event(n, n === 0 ? 'Started' : n === 19 ? 'Ended' : 'Updated'));
    await Promise.all(messages.map((message, n) => (n % 2 === 0 ? one : other).call(message)));
    const [row, ...more] = await rowsOf(database);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ active: 0, energy_wh: 1900, flags: '[]' });
  });

  test('a token that may charge once is accepted once when it is held up at two places in the same moment', async () => {
    const { one, other, database } = await startTwo();
    const token = (n: number): Token => ({
      idToken: `T${n}`,
      status: 'Accepted',
      chargePoints: [],
      allowConcurrent: false,
      createdAt: '',
      updatedAt: '',
    });
    await database.write(async (transaction) => {
      for (const n of range(10)) await saveToken(transaction, token(n));
    });
    const answers = await Promise.all(
      range(10).flatMap((n) => [
        one.call(start(`A${n}`, { idTag: `T${n}` })),
        other.call(start(`B${n}`, { idTag: `T${n}` })),
      ]),
    );
    const statuses = answers.map(({ idTagInfo }) => (idTagInfo as { status: string }).status);
    for (const n of range(10))
      expect([statuses[2 * n], statuses[2 * n + 1]].sort()).toEqual(['Accepted', 'ConcurrentTx']);
  });

  test('a few id tokens, known and unknown, at many charge points of both at once: nobody waits in a circle', async () => {
    const { one, other, database } = await startTwo();
    const token = {
      status: 'Accepted' as const,
      chargePoints: [],
      allowConcurrent: false,
      createdAt: '',
      updatedAt: '',
    };
    await database.write(async (transaction) => {
      for (const n of range(5)) await saveToken(transaction, { ...token, idToken: `T${n}` });
    });
    await Promise.all(
      range(200).map((n) => (n % 2 === 0 ? one : other).call(start(`CP${n}`, { idTag: `T${(n * 7) % 10}` }))),
    );
    const rows = await rowsOf(database);
    const accepted = rows.filter(({ authorization_status }) => authorization_status === 'Accepted');
    expect(accepted.map(({ token_key }) => token_key).sort()).toEqual(range(5).map((n) => `t${n}`));
    const unknown = await database.read.selectFrom('unknown_token').select('count').execute();
    expect(unknown.map(({ count }) => count)).toEqual(range(5).map(() => 20));
    expect(await deadlocksIn(database)).toBe(0);
  });

  test('a reservation that both find expired is told of once', async () => {
    const { one, other, database } = await startTwo();
    const nothing = {
      detail: null,
      id_token_type: null,
      parent_id_token: null,
      outlet: 1,
      used_by: null,
      call_id: null,
    };
    const row = {
      status: 'accepted',
      id_token: 'T',
      created_at: '',
      updated_at: '',
      expires_at: '2026-01-01T00:00:00.000Z',
      ...nothing,
    };
    await database.write(async (transaction) => {
      for (const n of range(50)) await saveReservation(transaction, { ...row, client: `CP${n}`, reservation_id: n });
    });
    const newId = createIdSource();
    await Promise.all(
      [one, other, one, other].map(({ bus }) => expireReservations({ database, bus, clock, newId, node })),
    );
    expect(one.events.length + other.events.length).toBe(50);
  });
});
