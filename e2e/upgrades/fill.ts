import type { Api, TestChargePoint } from '@ocpp-csms/testing';
import { connectChargePoint, UpgradeRefused } from '@ocpp-csms/testing';
import type { SpawnedCsms } from '../src/spawn-csms.ts';
import type { Answers } from './answers.ts';

export const fixturePassword = 'correct-horse-16';
const idToken = 'UPGRADE-CARD';
const timestamp = '2026-01-02T03:04:05.000Z';

/** A little of everything that the services keep. */
export async function fill(csms: SpawnedCsms): Promise<Omit<Answers, 'byPath' | 'version'>> {
  const { api } = csms;
  const chargePoints = [
    { networkId: 'UPGRADE-16', protocol: 'ocpp1.6' },
    { networkId: 'UPGRADE-201', protocol: 'ocpp2.0.1' },
  ];
  for (const { networkId } of chargePoints)
    await api.post('/device-manager/charge-points', {
      networkId,
      name: `Öl & "Strom" ${networkId}`,
      securityProfile: 1,
      password: fixturePassword,
    });
  await api.post('/session/id-tokens', { idToken, status: 'Accepted', allowConcurrent: true });
  await api.post('/session/id-tokens', { idToken: 'UPGRADE-BLOCKED', status: 'Blocked' });
  await api.post('/device-manager/templates', {
    name: 'Upgrade',
    settings: [{ key: 'MeterValueSampleInterval', value: '60' }],
  });
  await knockAsStranger(csms);
  const openTransaction = await fill16(csms);
  await fill201(csms);
  return { chargePoints, openTransaction, idToken };
}

/** One that nobody registered: it is kept among the refused connections. */
async function knockAsStranger({ wsUrl }: SpawnedCsms): Promise<void> {
  try {
    await connectChargePoint({ url: wsUrl, networkId: 'UPGRADE-STRANGER', protocol: 'ocpp1.6' });
  } catch (error) {
    if (error instanceof UpgradeRefused) return;
    throw error;
  }
  throw new Error('a stranger was let in');
}

async function fill16({ wsUrl, api }: SpawnedCsms): Promise<number> {
  const networkId = 'UPGRADE-16';
  const one = await connectChargePoint({ url: wsUrl, networkId, password: fixturePassword, protocol: 'ocpp1.6' });
  await one.call('BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'One', firmwareVersion: '1.0' });
  for (const connectorId of [0, 1])
    await one.call('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available' });
  await one.call('Authorize', { idTag: idToken });
  await one.call('Authorize', { idTag: 'UPGRADE-UNKNOWN' });
  const closed = await start(one, 1000);
  await one.call('MeterValues', {
    connectorId: 1,
    transactionId: closed,
    meterValue: [{ timestamp, sampledValue: [{ value: '2000', measurand: 'Energy.Active.Import.Register' }] }],
  });
  await one.call('StopTransaction', { transactionId: closed, meterStop: 3000, timestamp, reason: 'Local' });
  await command(api, one, 'ClearCache', { status: 'Accepted' }, {});
  await command(
    api,
    one,
    'GetConfiguration',
    { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }], unknownKey: [] },
    {},
  );
  one.onCall('ReserveNow', () => ({ status: 'Accepted' }));
  await api.post('/session/reservations', {
    networkId,
    connectorId: 1,
    idToken,
    expiresAt: '2099-01-02T03:04:05.000Z',
  });
  const open = await start(one, 3000);
  await one.drop();
  return open;
}

async function start(one: TestChargePoint<'ocpp1.6'>, meterStart: number): Promise<number> {
  const { transactionId } = await one.call('StartTransaction', {
    connectorId: 1,
    idTag: idToken,
    meterStart,
    timestamp,
  });
  return transactionId;
}

async function command(
  api: Api,
  one: TestChargePoint<'ocpp1.6'>,
  action: 'ClearCache' | 'GetConfiguration',
  answer: never | object,
  payload: object,
): Promise<void> {
  one.onCall(action, () => answer as never);
  await api.post(`/device-manager/charge-points/${one.networkId}/commands/${action}`, payload);
}

async function fill201({ wsUrl }: SpawnedCsms): Promise<void> {
  const networkId = 'UPGRADE-201';
  const two = await connectChargePoint({ url: wsUrl, networkId, password: fixturePassword, protocol: 'ocpp2.0.1' });
  await two.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Acme', model: 'Two' } });
  await two.call('StatusNotification', { timestamp, connectorStatus: 'Available', evseId: 1, connectorId: 1 });
  const event = {
    timestamp,
    evse: { id: 1, connectorId: 1 },
    idToken: { idToken, type: 'ISO14443' as const },
  };
  const transactionInfo = { transactionId: 'upgrade-transaction' };
  await two.call('TransactionEvent', {
    ...event,
    eventType: 'Started',
    triggerReason: 'Authorized',
    seqNo: 0,
    transactionInfo,
    meterValue: [{ timestamp, sampledValue: [{ value: 1000, measurand: 'Energy.Active.Import.Register' }] }],
  });
  await two.call('TransactionEvent', {
    ...event,
    eventType: 'Ended',
    triggerReason: 'StopAuthorized',
    seqNo: 1,
    transactionInfo: { ...transactionInfo, stoppedReason: 'Local' },
    meterValue: [{ timestamp, sampledValue: [{ value: 5000, measurand: 'Energy.Active.Import.Register' }] }],
  });
  await two.drop();
}
