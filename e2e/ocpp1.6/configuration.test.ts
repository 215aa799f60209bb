import { expect, test } from 'vitest';
import { boot } from '../src/charge-1.6.ts';
import { commandIsAnswered, newChargePoint } from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

const configurationOf = (networkId: string) => csms.api.get(`/device-manager/charge-points/${networkId}/configuration`);

const heartbeat = { key: 'HeartbeatInterval', readonly: false, value: '300' };
const connectors = { key: 'NumberOfConnectors', readonly: true, value: '2' };

test('TC_019_1_CSMS: GetConfiguration of everything, stored and shown', async () => {
  const chargePoint = await booted();
  const answer = { configurationKey: [heartbeat, connectors], unknownKey: [] };
  await commandIsAnswered(csms, chargePoint, 'GetConfiguration', {}, answer);
  const shown = () => configurationOf(chargePoint.networkId);
  await expect.poll(async () => JSON.stringify(await shown())).toContain('"NumberOfConnectors"');
  expect(JSON.stringify(await shown())).toContain('"HeartbeatInterval"');
});

test('TC_019_2_CSMS: GetConfiguration of one key', async () => {
  const answer = { configurationKey: [heartbeat] };
  await commandIsAnswered(csms, await booted(), 'GetConfiguration', { key: ['HeartbeatInterval'] }, answer);
});

test('TC_021_CSMS: ChangeConfiguration MeterValueSampleInterval', async () => {
  const payload = { key: 'MeterValueSampleInterval', value: '30' };
  await commandIsAnswered(csms, await booted(), 'ChangeConfiguration', payload, { status: 'Accepted' });
});

test('TC_040_1_CSMS: ChangeConfiguration answered NotSupported is shown', async () => {
  const payload = { key: 'NoSuchKey', value: '1' };
  await commandIsAnswered(csms, await booted(), 'ChangeConfiguration', payload, { status: 'NotSupported' });
});

test('TC_040_2_CSMS: MeterValueSampleInterval -1 is sent, Rejected is shown', async () => {
  const payload = { key: 'MeterValueSampleInterval', value: '-1' };
  await commandIsAnswered(csms, await booted(), 'ChangeConfiguration', payload, { status: 'Rejected' });
});

test('TC_061_CSMS: ClearCache', async () => {
  await commandIsAnswered(csms, await booted(), 'ClearCache', {}, { status: 'Accepted' });
});

test('TC_064_CSMS: DataTransfer of an unknown vendor', async () => {
  const chargePoint = await booted();
  const { status } = await chargePoint.call('DataTransfer', {
    vendorId: 'com.example.nobody',
    messageId: 'Hello',
    data: 'x',
  });
  expect(['Rejected', 'UnknownVendorId', 'UnknownMessageId']).toContain(status);
});
