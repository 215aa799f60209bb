import { expect, test } from 'vitest';
import { boot } from '../src/charge-1.6.ts';
import { commandIsAnswered, newChargePoint, now } from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const hashData = {
  hashAlgorithm: 'SHA256' as const,
  issuerNameHash: 'ab'.repeat(32),
  issuerKeyHash: 'cd'.repeat(32),
  serialNumber: '1a2b',
};

test.each([
  ['TC_075_1_CSMS', 'ManufacturerRootCertificate'],
  ['TC_075_2_CSMS', 'CentralSystemRootCertificate'],
] as const)('%s: InstallCertificate %s, then its id is read', async (_case, certificateType) => {
  const chargePoint = await booted();
  await commandIsAnswered(
    csms,
    chargePoint,
    'InstallCertificate',
    { certificateType, certificate },
    { status: 'Accepted' },
  );
  const answer = { status: 'Accepted' as const, certificateHashData: [hashData] };
  await commandIsAnswered(csms, chargePoint, 'GetInstalledCertificateIds', { certificateType }, answer);
});

test('TC_076_CSMS: DeleteCertificate with exactly the hash data that was read', async () => {
  const chargePoint = await booted();
  const answer = { status: 'Accepted' as const, certificateHashData: [hashData] };
  const read = await commandIsAnswered(
    csms,
    chargePoint,
    'GetInstalledCertificateIds',
    { certificateType: 'CentralSystemRootCertificate' },
    answer,
  );
  const { certificateHashData } = read.response as typeof answer;
  await commandIsAnswered(
    csms,
    chargePoint,
    'DeleteCertificate',
    { certificateHashData: certificateHashData[0]! },
    { status: 'Accepted' },
  );
});

test('TC_078_CSMS: a certificate that the charge point rejects, and its security event', async () => {
  const chargePoint = await booted();
  const install = { certificateType: 'CentralSystemRootCertificate' as const, certificate };
  await commandIsAnswered(csms, chargePoint, 'InstallCertificate', install, { status: 'Rejected' });
  const event = { type: 'InvalidCentralSystemCertificate', timestamp: now() };
  expect(await chargePoint.call('SecurityEventNotification', event)).toEqual({});
});
