import { createIdSource, createMemoryBus, createMemoryParking, type DomainEvent, type Envelope } from '@ocpp-csms/bus';
import { OcppError } from '@ocpp-csms/ocpp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CallConsumerOptions, consumeCalls, type Outcome } from './call-consumer.ts';
import { type Handler, handlersOf } from './handler.ts';

/** A service's own state, rolled back when the transaction fails. */
interface Ledger {
  seen: string[];
}
const { onAnswer, onCall, onMessage } = handlersOf<Ledger>();
const newId = createIdSource();
const now = () => new Date('2026-01-02T03:04:05.000Z');

let bus: ReturnType<typeof createMemoryBus>;
let ledger: Ledger;
let outcomes: Map<string, Outcome>;
let answers: Envelope[];
let events: DomainEvent[];

beforeEach(async () => {
  const groups = { MessagesIn: ['session'], MessagesSent: [], Events: ['reader'] };
  bus = createMemoryBus({ groups, parking: createMemoryParking() });
  ledger = { seen: [] };
  outcomes = new Map();
  answers = [];
  events = [];
  await bus.receive('node-1', async (envelope) => void answers.push(envelope));
  await bus.consume('Events', 'reader', async (batch) => void events.push(...batch));
});
afterEach(() => bus.stop());

const transact: CallConsumerOptions<Ledger>['transact'] = async (work) => {
  const before = { ledger: structuredClone(ledger), outcomes: new Map(outcomes) };
  try {
    return await work(ledger, {
      find: async (ids) => ids.flatMap((id) => outcomes.get(id) ?? []),
      save: async (fresh) => {
        for (const outcome of fresh) outcomes.set(outcome.envelopeId, outcome);
      },
    });
  } catch (error) {
    Object.assign(ledger, before.ledger);
    outcomes = before.outcomes;
    throw error;
  }
};

function consume(...handlers: Handler<Ledger>[]) {
  return consumeCalls({
    bus,
    group: 'session',
    node: 'node-1',
    handlers,
    transact,
    newId,
    now,
    log: { warn: () => {} },
  });
}

function call(messageType: string, messageBody: object, more: Partial<Envelope> = {}): Envelope {
  const body = { direction: 2 as const, msgId: 'm1', messageType, messageBody };
  const facts = { serverNode: 'node-1', client: 'CP001', messageTime: now().toISOString(), origin: 'client' as const };
  return { ...facts, body, id: newId(), connection: 7, protocol: 'ocpp1.6', ...more };
}

const authorize = onCall(['ocpp1.6'], 'Authorize', ({ request, emit }, { seen }) => {
  seen.push(request.idTag);
  if (request.idTag === 'BAD') throw new OcppError('PropertyConstraintViolation', 'no such tag');
  if (request.idTag === 'BUG') throw new Error('handler is broken');
  emit('IdTokenSeen', { idToken: request.idTag });
  return { idTagInfo: { status: 'Accepted' } };
});

test('what csms-server has refused with a CALLERROR reaches no handler: its payload was never read', async () => {
  await consume(authorize);
  const refused = { errorCode: 'SecurityError', errorDescription: 'Pending', errorDetails: {} };
  const answer = { direction: 4 as const, messageTime: now().toISOString(), messageBody: refused };
  await bus.publish('MessagesIn', call('Authorize', { nonsense: true }, { answer }));
  expect(ledger.seen).toEqual([]);
  expect(answers).toEqual([]);
});

describe('a decision', () => {
  test('goes to the node and connection that asked, after its effects, with its event', async () => {
    await consume(authorize);
    const asked = call('Authorize', { idTag: 'A' });
    await bus.publish('MessagesIn', asked);
    expect(answers).toMatchObject([
      {
        client: 'CP001',
        connection: 7,
        answerTo: asked.id,
        origin: 'server',
        body: { direction: 3, msgId: 'm1', messageBody: { idTagInfo: { status: 'Accepted' } } },
      },
    ]);
    expect(ledger.seen).toEqual(['A']);
    expect(events).toMatchObject([{ event: 'IdTokenSeen', client: 'CP001', data: { idToken: 'A' } }]);
  });

  test('is not made again for a redelivery, which gets the same answer', async () => {
    await consume(authorize);
    const asked = call('Authorize', { idTag: 'A' });
    await bus.publish('MessagesIn', asked);
    await bus.publish('MessagesIn', asked);
    expect(ledger.seen).toEqual(['A']);
    expect(answers.map(({ body }) => body)).toEqual([answers[0]?.body, answers[0]?.body]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  test('that is an OcppError takes its effects back and is answered with a CALLERROR, also in the middle of a batch', async () => {
    await consume(authorize);
    await Promise.all(['A', 'BAD', 'B'].map((idTag) => bus.publish('MessagesIn', call('Authorize', { idTag }))));
    expect(ledger.seen).toEqual(['A', 'B']);
    const error = answers.find(({ body }) => body.direction === 4);
    expect(error?.body.messageBody).toEqual({
      errorCode: 'PropertyConstraintViolation',
      errorDescription: 'no such tag',
      errorDetails: {},
    });
    expect(answers).toHaveLength(3);
  });

  test('whose handler is broken is parked, the others of its batch are answered, and it can be driven again', async () => {
    await consume(authorize);
    const broken = call('Authorize', { idTag: 'BUG' });
    await Promise.all(
      [call('Authorize', { idTag: 'A' }), broken, call('Authorize', { idTag: 'B' })].map((envelope) =>
        bus.publish('MessagesIn', envelope),
      ),
    );
    expect(answers).toHaveLength(2);
    expect(await bus.parked.list({ limit: 10 })).toMatchObject([
      { id: broken.id, group: 'session', reason: 'handler is broken' },
    ]);
    await expect(bus.parked.drive('session', broken.id)).rejects.toThrow('handler is broken');
    expect(ledger.seen).toEqual(['A', 'B']);
  });

  test('whose connection is gone is kept: the message counts as handled', async () => {
    await consume(authorize);
    await bus.publish('MessagesIn', call('Authorize', { idTag: 'A' }, { serverNode: 'node-9' }));
    expect(answers).toEqual([]);
    expect(outcomes.size).toBe(1);
  });
});

test('two handlers that decide the same action are refused at the start', async () => {
  await expect(consume(authorize, authorize)).rejects.toThrow('Two handlers decide Authorize of ocpp1.6');
});

test('a message is noted by its version alone, and never answered', async () => {
  const note = onMessage(['ocpp2.0.1', 'ocpp2.1'], 'Heartbeat', ({ version }, { seen }) => void seen.push(version));
  await consume(note);
  await bus.publish('MessagesIn', call('Heartbeat', {}));
  await bus.publish('MessagesIn', call('Heartbeat', {}, { protocol: 'ocpp2.1' }));
  expect(ledger.seen).toEqual(['ocpp2.1']);
  expect(answers).toEqual([]);
});

test('an answer of a charge point comes with what was asked; an error with its code', async () => {
  const noted = onAnswer(['ocpp1.6'], 'Reset', ({ request, outcome }, { seen }) => {
    seen.push(`${request.type}: ${outcome.ok ? outcome.response.status : outcome.errorCode}`);
  });
  await consume(noted);
  const answer = (direction: 3 | 4, messageBody: object) =>
    call(
      'Reset',
      {},
      { body: { direction, msgId: 'm1', messageType: 'Reset', messageBody }, request: { type: 'Soft' } },
    );
  await bus.publish('MessagesIn', answer(3, { status: 'Accepted' }));
  await bus.publish('MessagesIn', answer(4, { errorCode: 'InternalError', errorDescription: '', errorDetails: {} }));
  expect(ledger.seen).toEqual(['Soft: Accepted', 'Soft: InternalError']);
});
