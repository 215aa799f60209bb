import { createIdSource, createMemoryBus, createMemoryParking, type Envelope } from '@ocpp-csms/bus';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AnswerDelivery, createAnswerDelivery } from './answer-delivery.ts';

const newId = createIdSource();
const now = () => new Date('2026-01-02T03:04:05.000Z');
const answer = { ok: true, payload: { idTagInfo: { status: 'Accepted' } } } as const;

let bus: ReturnType<typeof createMemoryBus>;
let delivery: AnswerDelivery;
let warnings: { networkId?: string; msgId?: string }[];

beforeEach(() => {
  bus = createMemoryBus({
    groups: { MessagesIn: [], MessagesSent: [], Events: [] },
    parking: createMemoryParking(),
  });
  warnings = [];
  const log = { warn: (details: object) => void warnings.push(details) };
  delivery = createAnswerDelivery({ bus, newId, now, log, tryForMs: 1000 });
});

afterEach(async () => {
  await delivery.stop();
  await bus.stop();
});

function callFrom(serverNode: string): Envelope {
  return {
    id: newId(),
    serverNode,
    client: 'CP1',
    origin: 'client',
    messageTime: now().toISOString(),
    body: { direction: 2, msgId: 'm1', messageType: 'Authorize', messageBody: { idTag: 'TAG' } },
  };
}

/** Resolves with the first answer that this node takes. */
function takenBy(node: string): Promise<Envelope> {
  return new Promise((resolve) => void bus.receive(node, async (envelope) => resolve(envelope)));
}

test('a node that is there in a moment gets the answer', async () => {
  await delivery.deliver([{ call: callFrom('node-1'), answer }]);
  expect((await takenBy('node-1')).body).toMatchObject({ direction: 3, msgId: 'm1' });
  expect(warnings).toEqual([]);
});

test('a node that is away holds up no other answer, and is given up in the end', async () => {
  const taken = takenBy('node-2');
  await delivery.deliver([
    { call: callFrom('away'), answer },
    { call: callFrom('node-2'), answer },
  ]);
  await taken;
  expect(warnings).toEqual([]);
  await expect.poll(() => warnings, { timeout: 5000 }).toMatchObject([{ networkId: 'CP1', msgId: 'm1' }]);
});

test('a node that refuses the answer is not asked again', async () => {
  await bus.receive('node-1', () => Promise.reject(new Error('the connection is gone')));
  await delivery.deliver([{ call: callFrom('node-1'), answer }]);
  expect(warnings).toHaveLength(1);
});

test('what waits is given up when the service stops', async () => {
  await delivery.deliver([{ call: callFrom('away'), answer }]);
  await delivery.stop();
  expect(warnings).toHaveLength(1);
});
