import { expect, test } from 'vitest';
import { type Reaction, type TestDeviceManager, testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

async function start(protocol: 'ocpp1.6' | 'ocpp2.0.1', ...reactions: Reaction[]) {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.connect('CP001', protocol, () => reactions.shift() ?? { response: {} });
  return dm;
}
const jobs = async (dm: TestDeviceManager, kind = 'firmware') =>
  (await dm.rest('GET', `/charge-points/CP001/${kind}-jobs`)).body.items;

test.each([
  ['TC_044_1_CSMS', ['Downloading', 'Downloaded', 'Installing', 'Installed']],
  ['TC_044_2_CSMS', ['Downloading', 'DownloadFailed']],
  ['TC_044_3_CSMS', ['Downloading', 'Downloaded', 'Installing', 'InstallationFailed']],
])('%s the steps of a firmware update in 1.6', async (_case, steps) => {
  const dm = await start('ocpp1.6');
  const { body } = await dm.command('CP001', 'UpdateFirmware', {
    location: 'ftp://user:hunter2hunter2@host/fw.bin',
    retrieveDate: '2026-01-01T00:00:00Z',
  });
  for (const status of steps) await dm.tell('CP001', 'FirmwareStatusNotification', { status });
  await dm.tell('CP001', 'FirmwareStatusNotification', { status: 'Idle' });
  const [job, ...others] = await jobs(dm);
  expect(others).toEqual([]);
  expect(job).toMatchObject({ jobId: body.commandId, action: 'UpdateFirmware', status: steps.at(-1) });
  expect(job.history.map(({ status }: { status: string }) => status)).toEqual(['Requested', ...steps]);
  expect(job.finishedAt).not.toBeNull();
  expect(JSON.stringify(job)).not.toContain('hunter2');
  expect(await dm.databaseText()).not.toContain('hunter2hunter2');
});

const firmware = {
  location: 'https://host/fw.bin',
  retrieveDateTime: '2026-01-01T00:00:00Z',
  signingCertificate: 'x',
  signature: 'y',
};

test('TC_080_CSMS TC_081_CSMS TC_L_10 TC_L_04 signed updates go by their request id; a second one replaces the first', async () => {
  const dm = await start(
    'ocpp2.0.1',
    { response: { status: 'Accepted' } },
    { response: { status: 'AcceptedCanceled' } },
    { response: { status: 'RevokedCertificate' } },
  );
  for (const requestId of [1, 2, 3]) await dm.command('CP001', 'UpdateFirmware', { requestId, firmware });
  for (const status of ['Downloaded', 'SignatureVerified', 'InvalidSignature']) {
    const notification = await dm.tell(
      'CP001',
      'FirmwareStatusNotification',
      { status, requestId: 2 },
      { protocol: 'ocpp2.0.1' },
    );
    await dm.bus.publish('MessagesIn', notification);
  }
  const [third, second, first] = await jobs(dm);
  expect([first.status, second.status, third.status]).toEqual(['Canceled', 'InvalidSignature', 'RevokedCertificate']);
  expect(second.history.map(({ status }: { status: string }) => status)).toEqual([
    'AcceptedCanceled',
    'Downloaded',
    'SignatureVerified',
    'InvalidSignature',
  ]);
  expect(second.finishedAt).not.toBeNull();
  expect(third.finishedAt).not.toBeNull();
});

test('TC_045_1_CSMS TC_045_2_CSMS TC_079_CSMS uploads of diagnostics and logs', async () => {
  const dm = await start(
    'ocpp1.6',
    { response: { fileName: 'diag.zip' } },
    { response: { status: 'Accepted', filename: 'log.txt' } },
    { response: {} },
  );
  await dm.command('CP001', 'GetDiagnostics', { location: 'ftp://host/' });
  for (const status of ['Uploading', 'UploadFailed'])
    await dm.tell('CP001', 'DiagnosticsStatusNotification', { status });
  await dm.command('CP001', 'GetLog', { logType: 'SecurityLog', requestId: 7, log: { remoteLocation: 'ftp://host/' } });
  for (const status of ['Uploading', 'Uploaded'])
    await dm.tell('CP001', 'LogStatusNotification', { status, requestId: 7 });
  await dm.command('CP001', 'GetDiagnostics', { location: 'ftp://host/' });
  const [nothing, log, diagnostics] = await jobs(dm, 'diagnostics');
  expect(diagnostics).toMatchObject({ kind: 'diagnostics', status: 'UploadFailed', detail: { fileName: 'diag.zip' } });
  expect(log).toMatchObject({
    kind: 'log',
    requestId: 7,
    status: 'Uploaded',
    detail: { logType: 'SecurityLog', fileName: 'log.txt' },
  });
  expect(nothing.status).toBe('Rejected');
});

test('TC_F_18 what somebody at the charge point does is a job of its own; Idle is none', async () => {
  const dm = await start('ocpp1.6');
  await dm.tell('CP001', 'FirmwareStatusNotification', { status: 'Idle' });
  expect(await jobs(dm)).toEqual([]);
  for (const status of ['Installing', 'Installed']) await dm.tell('CP001', 'FirmwareStatusNotification', { status });
  expect(await jobs(dm)).toEqual([expect.objectContaining({ action: null, status: 'Installed' })]);
});
