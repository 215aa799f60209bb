import type { RequestOf } from '@ocpp-csms/ocpp';
import type { TestChargePoint } from '@ocpp-csms/testing';
import { expect, test } from 'vitest';
import { boot, report } from '../src/charge-1.6.ts';
import { commandIsAnswered, connect, inMinutes, newChargePoint, now } from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

const location = 'https://files.example.com/firmware.bin';

type FirmwareStatus = RequestOf<'ocpp1.6', 'FirmwareStatusNotification'>['status'];

async function firmware(chargePoint: TestChargePoint<'ocpp1.6'>, ...train: FirmwareStatus[]) {
  for (const status of train) expect(await chargePoint.call('FirmwareStatusNotification', { status })).toEqual({});
}

async function update(chargePoint: TestChargePoint<'ocpp1.6'>) {
  await commandIsAnswered(csms, chargePoint, 'UpdateFirmware', { location, retrieveDate: now() }, {});
}

async function reboot({ networkId }: { networkId: string }) {
  const again = await connect(csms, { networkId });
  await boot(again);
  return again;
}

test('TC_044_1_CSMS: firmware update that succeeds', async () => {
  const chargePoint = await booted();
  await update(chargePoint);
  await firmware(chargePoint, 'Downloading', 'Downloaded');
  await report(chargePoint, 'Unavailable');
  await firmware(chargePoint, 'Installing');
  const again = await reboot(chargePoint);
  await firmware(again, 'Installed');
});

test('TC_044_2_CSMS: firmware update whose download fails', async () => {
  const chargePoint = await booted();
  await update(chargePoint);
  await firmware(chargePoint, 'Downloading', 'DownloadFailed');
});

test('TC_044_3_CSMS: firmware update whose installation fails, with a reboot in between', async () => {
  const chargePoint = await booted();
  await update(chargePoint);
  await firmware(chargePoint, 'Downloading', 'Downloaded', 'Installing');
  const again = await reboot(chargePoint);
  await firmware(again, 'InstallationFailed');
});

test.each([
  ['TC_045_1_CSMS', 'Uploaded'],
  ['TC_045_2_CSMS', 'UploadFailed'],
] as const)('%s: GetDiagnostics, then Uploading and %s', async (_case, end) => {
  const chargePoint = await booted();
  const payload = { location: 'https://files.example.com/upload', startTime: inMinutes(-60), stopTime: now() };
  await commandIsAnswered(csms, chargePoint, 'GetDiagnostics', payload, { fileName: 'diagnostics.zip' });
  for (const status of ['Uploading', end] as const) {
    expect(await chargePoint.call('DiagnosticsStatusNotification', { status })).toEqual({});
  }
});

test('TC_079_CSMS: GetLog SecurityLog, then Uploading and Uploaded', async () => {
  const chargePoint = await booted();
  const payload = {
    logType: 'SecurityLog' as const,
    requestId: 17,
    log: { remoteLocation: 'https://files.example.com/upload' },
  };
  await commandIsAnswered(csms, chargePoint, 'GetLog', payload, { status: 'Accepted', filename: 'security.log' });
  for (const status of ['Uploading', 'Uploaded'] as const) {
    expect(await chargePoint.call('LogStatusNotification', { status, requestId: 17 })).toEqual({});
  }
});

type SignedStatus = RequestOf<'ocpp1.6', 'SignedFirmwareStatusNotification'>['status'];

async function signedUpdate(chargePoint: TestChargePoint<'ocpp1.6'>, requestId: number) {
  const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  const payload = {
    requestId,
    firmware: { location, retrieveDateTime: now(), signingCertificate: certificate, signature: 'c2lnbmF0dXJl' },
  };
  await commandIsAnswered(csms, chargePoint, 'SignedUpdateFirmware', payload, { status: 'Accepted' });
}

async function signedFirmware(chargePoint: TestChargePoint<'ocpp1.6'>, requestId: number, ...train: SignedStatus[]) {
  for (const status of train) {
    expect(await chargePoint.call('SignedFirmwareStatusNotification', { status, requestId })).toEqual({});
  }
}

test('TC_080_CSMS: SignedUpdateFirmware with the whole train of statuses, boot and security event', async () => {
  const chargePoint = await booted();
  await signedUpdate(chargePoint, 18);
  await signedFirmware(
    chargePoint,
    18,
    'Downloading',
    'Downloaded',
    'SignatureVerified',
    'Installing',
    'InstallRebooting',
  );
  const again = await reboot(chargePoint);
  await signedFirmware(again, 18, 'Installed');
  expect(await again.call('SecurityEventNotification', { type: 'FirmwareUpdated', timestamp: now() })).toEqual({});
});

test('TC_081_CSMS: SignedUpdateFirmware with a bad signature is sent, InvalidSignature is answered', async () => {
  const chargePoint = await booted();
  await signedUpdate(chargePoint, 19);
  await signedFirmware(chargePoint, 19, 'Downloading', 'Downloaded', 'InvalidSignature');
  const event = { type: 'InvalidFirmwareSignature', timestamp: now() };
  expect(await chargePoint.call('SecurityEventNotification', event)).toEqual({});
});
