import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import { expect, test } from 'vitest';
import type { Quirk } from '../quirks.ts';
import { distort, distortAnswer, distortBytes, distortText } from './distort.ts';

const timestamp = '2026-01-02T03:04:05.000Z';
const power = { value: '12.5', measurand: 'Power.Active.Import', unit: 'W' };
const messages: Record<string, JsonObject> = {
  BootNotification: { chargePointVendor: 'v', chargePointModel: 'm' },
  StatusNotification: { connectorId: 1, status: 'Available', errorCode: 'NoError', timestamp },
  MeterValues: { connectorId: 1, transactionId: 7, meterValue: [{ timestamp, sampledValue: [power] }] },
  StopTransaction: { transactionId: 7, idTag: 'T', meterStop: 100, timestamp },
  TransactionEvent: { seqNo: 3, timestamp, evse: { id: 1, connectorId: 1 } },
  Heartbeat: {},
};

const cases: [Quirk, string, JsonObject][] = [
  ['empty-vendor', 'BootNotification', { chargePointVendor: '' }],
  ['long-model', 'BootNotification', { chargePointModel: 'm'.repeat(30) }],
  ['long-info', 'StatusNotification', { info: 'i'.repeat(80) }],
  ['unknown-error-code', 'StatusNotification', { errorCode: 'Error' }],
  ['nulls', 'StatusNotification', { info: null }],
  ['extra-properties', 'Heartbeat', { firmwareBuild: 'r1234' }],
  ['long-stop-tag', 'StopTransaction', { idTag: 'T'.repeat(21) }],
  ['transaction-id-minus-one', 'StopTransaction', { transactionId: -1 }],
  ['transaction-id-zero', 'StopTransaction', { transactionId: 0 }],
  ['meter-stop-zero', 'StopTransaction', { meterStop: 0 }],
  ['foreign-meter-values', 'MeterValues', { transactionId: 2_000_000_001 }],
  ['constant-seq-no', 'TransactionEvent', { seqNo: 0 }],
  ['no-connector-id', 'TransactionEvent', { evse: { id: 1 } }],
  ['local-time-as-utc', 'StatusNotification', { timestamp: '2026-01-02T05:04:05.000Z' }],
  ['time-1970', 'StatusNotification', { timestamp: '1970-01-01T03:04:05.000Z' }],
  ['time-2222', 'StatusNotification', { timestamp: '2222-01-02T03:04:05.000Z' }],
  ['time-without-zone', 'StatusNotification', { timestamp: '2026-01-02T03:04:05.000' }],
  ['time-as-digits', 'MeterValues', { meterValue: [{ timestamp: '1000000', sampledValue: [power] }] }],
];

test.each(cases)('%s: %s', (quirk, action, expected) => {
  const { payload } = distort({ action, payload: messages[action] ?? {} }, new Set([quirk]));
  expect(payload).toMatchObject(expected);
});

const samples: [Quirk, JsonObject[]][] = [
  ['numeric-values', [{ ...power, value: 12.5 }]],
  ['decimal-comma', [{ ...power, value: '12,5' }]],
  ['wrong-unit', [{ ...power, unit: 'Wh' }]],
  ['no-measurand', [{ value: '12.5', unit: 'W' }]],
  ['unit-hz', [power, { value: '50.0', measurand: 'Frequency', unit: 'Hz' }]],
  ['unknown-measurand', [power, { value: '1', measurand: 'Request.Energy' }]],
  ['empty-sampled-values', []],
];

test.each(samples)('%s', (quirk, sampledValue) => {
  const message = { action: 'MeterValues', payload: messages.MeterValues ?? {} };
  expect(distort(message, new Set([quirk])).payload.meterValue).toEqual([{ timestamp, sampledValue }]);
});

const texts: [Quirk, string, string][] = [
  ['invalid-json-meter-values', 'MeterValues', '"transactionId":,'],
  ['stray-comma', 'MeterValues', '"sampledValue":[,{'],
  ['duplicate-keys', 'StatusNotification', '"status":"Available","status":"Available"'],
];

test.each(texts)('%s', (quirk, action, expected) => {
  expect(distortText(action, JSON.stringify(messages[action]), new Set([quirk]))).toContain(expected);
});

test('invalid-utf8', () => {
  const bytes = distortBytes('Heartbeat', '[2,"1","Heartbeat",{}]', new Set(['invalid-utf8']));
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes))).toThrow();
});

test('answers', () => {
  const configurationKey = [{ key: 'NumberOfConnectors', readonly: true, value: '2' }];
  const absurd = distortAnswer('GetConfiguration', { configurationKey }, new Set(['absurd-connectors']));
  expect(absurd).toMatchObject({ configurationKey: [{ value: '1634030126' }] });
  const reboots = new Set<Quirk>(['reboots-on-configuration']);
  expect(distortAnswer('ChangeConfiguration', { status: 'Accepted' }, reboots)).toEqual({ status: 'RebootRequired' });
});

test('without a quirk nothing is changed', () => {
  for (const [action, payload] of Object.entries(messages)) {
    expect(distort({ action, payload }, new Set()).payload).toEqual(payload);
    expect(isJsonObject(payload)).toBe(true);
  }
});
