import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import schema from '../envelope.schema.json' with { type: 'json' };
import { sampleEnvelope } from './contract.ts';
import type { Envelope } from './envelope.ts';

const isEnvelope = new Ajv2020({ strict: true }).compile(schema);

/** Every member that an envelope may have: the compiler keeps this list and the type together. */
const everything: Required<Envelope> = {
  ...sampleEnvelope('cp1', 1),
  seq: 1,
  connection: 1_790_000_000_000_000,
  protocol: 'ocpp1.6',
  tenant: 'default',
  answer: { direction: 3, messageTime: '2026-01-02T03:04:05.006Z', messageBody: { currentTime: 'now' } },
  deviations: [{ rule: 'wrong-type', path: '/meterStart', made: 'number', value: '12' }],
  raw: '[2,"1","Heartbeat",{}]',
  notAfter: '2026-01-02T03:04:35.006Z',
  replyTo: 'device-manager-1',
  answerTo: '01a20565-c88b-729f-a215-5219f8085a58',
  request: { type: 'Soft' },
  dropped: 'the connection is closed',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

it('has a schema that knows every member', () => {
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(everything).sort());
  expect(isEnvelope(everything), JSON.stringify(isEnvelope.errors)).toBe(true);
});

it('is satisfied by the smallest envelope, the one of design.md and one of a later version', () => {
  const { seq: _, ...smallest } = sampleEnvelope('cp1', 1);
  const fromDesign = {
    id: 'a',
    origin: 'client',
    serverNode: 'dell0258',
    client: 'ocpp-charger1',
    messageTime: '2023-09-29T11:57:11.489Z',
    body: {
      direction: 2,
      msgId: '3c8a67617f404575b68e4ed8ef7bf212',
      messageType: 'Heartbeat',
      messageBody: {},
    },
  };
  for (const envelope of [smallest, fromDesign, { ...smallest, later: true }]) expect(isEnvelope(envelope)).toBe(true);
});

it('refuses what is no envelope', () => {
  const { id: _, ...withoutId } = sampleEnvelope('cp1', 1);
  const wrong = [
    withoutId,
    { ...everything, messageTime: '2026-01-02 03:04:05' },
    { ...everything, origin: 'charger' },
    { ...everything, body: { ...everything.body, direction: 1 } },
  ];
  for (const envelope of wrong) expect(isEnvelope(envelope)).toBe(false);
});
