import { expect, test } from 'vitest';
import { testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

const hash = (serialNumber: string) => ({
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'aa',
  issuerKeyHash: 'bb',
  serialNumber,
});

test('TC_078_CSMS A04.FR.02 security events are kept, each once', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  const event = await dm.tell('CP001', 'SecurityEventNotification', {
    type: 'FirmwareUpdated',
    timestamp: '2026-01-01T00:00:00Z',
    techInfo: 'ok',
  });
  await dm.bus.publish('MessagesIn', event);
  expect((await dm.rest('GET', '/charge-points/CP001/security-events')).body.items).toEqual([
    {
      securityEventId: event.id,
      type: 'FirmwareUpdated',
      techInfo: 'ok',
      occurredAt: '2026-01-01T00:00:00Z',
      receivedAt: event.messageTime,
    },
  ]);
});

test('A02.FR.04 SignCertificate is rejected while there is no certificate authority, also when it is delivered again', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  const ask = await dm.tell('CP001', 'SignCertificate', { csr: 'PEM' });
  await dm.bus.publish('MessagesIn', ask);
  const answers = dm.sent.filter(({ answerTo }) => answerTo === ask.id);
  expect(answers.map(({ body }) => [body.direction, body.messageBody])).toEqual([
    [3, { status: 'Rejected' }],
    [3, { status: 'Rejected' }],
  ]);
});

test('TC_064_CSMS TC_P_02 row 48: DataTransfer of an unknown vendor is answered so, and kept', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  const first = await dm.tell('CP001', 'DataTransfer', { vendorId: 'acme', messageId: 'm', data: 'x'.repeat(20_000) });
  const second = await dm.tell(
    'CP001',
    'DataTransfer',
    { vendorId: 'acme', data: { any: ['json'] } },
    { protocol: 'ocpp2.1' },
  );
  for (const { id } of [first, second])
    expect(dm.sent.find(({ answerTo }) => answerTo === id)?.body).toMatchObject({
      direction: 3,
      messageBody: { status: 'UnknownVendorId' },
    });
  const { items } = (await dm.rest('GET', '/charge-points/CP001/data-transfers')).body;
  expect(items[0]).toMatchObject({ vendorId: 'acme', messageId: null, data: '{"any":["json"]}' });
  expect(items[1].data).toHaveLength(10_000);
});

test('TC_075_1_CSMS TC_076_CSMS TC_M_20 the certificates in a charge point, as reported, installed and deleted', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.connect('CP001', 'ocpp2.0.1', ({ action }) => {
    if (action !== 'GetInstalledCertificateIds') return { response: { status: 'Accepted' } };
    const chain = (certificateType: string, serial: string) => ({ certificateType, certificateHashData: hash(serial) });
    return {
      response: {
        status: 'Accepted',
        certificateHashDataChain: [chain('CSMSRootCertificate', '01'), chain('V2GRootCertificate', '02')],
      },
    };
  });
  const types = async () =>
    (await dm.rest('GET', '/charge-points/CP001/certificates')).body.items.map(
      ({ certificateType, source }: Record<string, string>) => `${certificateType} ${source}`,
    );
  await dm.command('CP001', 'InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate: 'PEM' });
  expect(await types()).toEqual(['CSMSRootCertificate installed']);
  await dm.command('CP001', 'GetInstalledCertificateIds', {});
  expect(await types()).toEqual(['CSMSRootCertificate reported', 'V2GRootCertificate reported']);
  await dm.command('CP001', 'DeleteCertificate', { certificateHashData: hash('02') });
  expect(await types()).toEqual(['CSMSRootCertificate reported']);
});

test('no secret in a DataTransfer or URL is kept', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.tell('CP001', 'DataTransfer', { vendorId: 'acme', data: 'see ftp://me:hunter2hunter2@host/' });
  expect(await dm.databaseText()).not.toContain('hunter2hunter2');
});
