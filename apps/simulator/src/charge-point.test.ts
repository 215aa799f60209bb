import { until } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { simulate } from './charge-point.ts';
import type { Quirk } from './quirks.ts';
import type { SimulationOptions } from './simulation.ts';
import { startPlainCsms } from './testing/plain-csms.ts';

const car = { afterSeconds: 0, staySeconds: 3600, soc: 30, capacityKwh: 60, maxPowerW: 11_000, token: 'T' };

/** Connected to a CSMS that accepts everything; no car comes by itself. */
async function scene(more: Partial<SimulationOptions> = {}) {
  const csms = await startPlainCsms();
  const simulation = simulate({
    url: csms.url,
    id: 'CP1',
    version: 'ocpp1.6',
    token: 'T',
    once: false,
    interval: 300,
    duration: 3600,
    speed: 600,
    nextVisit: () => undefined,
    say: () => undefined,
    ...more,
  });
  onTestFinished(async () => {
    await simulation.stop();
    await csms.stop();
  });
  simulation.start();
  const said = (action: string, times = 1) =>
    until(`${action}, ${times} times`, () => csms.calls(action).length >= times && csms.calls(action));
  return { csms, simulation, said };
}

const withQuirk = async (quirk: Quirk, more: Partial<SimulationOptions> = {}) => scene({ quirks: [quirk], ...more });
const currentTime = '2026-01-01T00:00:00Z';

test('what it asks for when it connects', async () => {
  const asked = async (quirk: Quirk, password?: string) => {
    const { csms, said } = await withQuirk(quirk, password === undefined ? {} : { password });
    await said('BootNotification');
    const { url, headers } = csms.upgrades[0] ?? { url: '', headers: {} };
    return { url, protocol: headers['sec-websocket-protocol'], authorization: headers.authorization };
  };
  expect((await asked('no-subprotocol')).protocol).toBeUndefined();
  expect((await asked('offers-all-versions')).protocol).toBe('ocpp1.6,ocpp2.0.1,ocpp2.1');
  expect((await asked('trailing-slash')).url).toBe('/CP1/');
  expect((await asked('double-slash')).url).toBe('//CP1');
  expect((await asked('other-case')).url).toBe('/cp1');
  const { authorization = '' } = await asked('binary-password', '0011ff');
  expect(Buffer.from(authorization.slice(6), 'base64').toString('hex')).toBe(
    `${Buffer.from('CP1:').toString('hex')}0011ff`,
  );
});

test('abandons-connections: the old connection stays open while it comes back on another', async () => {
  const { csms, simulation, said } = await withQuirk('abandons-connections');
  await said('StatusNotification');
  simulation.setNetwork(false);
  simulation.setNetwork(true);
  await said('BootNotification', 2);
  expect(csms.sockets).toHaveLength(2);
});

test('reads-nothing: the connection stays, and nothing is answered until it reads again', async () => {
  const { csms, simulation, said } = await scene({ speed: 1 });
  await said('StatusNotification');
  simulation.setQuirk('reads-nothing', true);
  csms.ask('GetConfiguration', {}, 'q');
  csms.sockets[0]?.ping();
  simulation.setQuirk('reads-nothing', false);
  await until('it is answered', () => csms.texts.some((text) => text.startsWith('[3,"q"')));
  expect(csms.upgrades).toHaveLength(1);
});

test.each<Quirk>(['reconnects-for-ever', 'reboots-without-csms'])('%s: it boots again and again', async (quirk) => {
  const { csms, said } = await withQuirk(quirk);
  await said('StatusNotification');
  if (quirk === 'reboots-without-csms') csms.sockets[0]?.terminate();
  await said('BootNotification', 2);
});

test('reboots-on-configuration', async () => {
  const { csms, said } = await withQuirk('reboots-on-configuration');
  await said('StatusNotification');
  csms.ask('ChangeConfiguration', { key: 'HeartbeatInterval', value: '77' }, 'c');
  await said('BootNotification', 2);
  expect(csms.texts).toContain('[3,"c",{"status":"RebootRequired"}]');
});

test('needs-milliseconds: it leaves a CSMS whose time has none', async () => {
  const { csms, said } = await withQuirk('needs-milliseconds');
  await said('StatusNotification');
  csms.answers.Heartbeat = () => ({ currentTime });
  await said('BootNotification', 2);
});

test('drops-on-second-call, drops-on-early-call', async () => {
  const second = await withQuirk('drops-on-second-call');
  await second.said('StatusNotification');
  second.simulation.setQuirk('deaf', true);
  second.csms.ask('ClearCache', {});
  second.csms.ask('ClearCache', {});
  await second.said('BootNotification', 2);

  const early = await withQuirk('drops-on-early-call');
  early.csms.answers.BootNotification = () => ({ status: 'Pending', interval: 600, currentTime });
  await early.said('BootNotification');
  early.csms.ask('ClearCache', {});
  await until('it comes again', () => early.csms.upgrades.length >= 2);
});

test('short-errors, answers-twice', async () => {
  const short = await withQuirk('short-errors');
  await short.said('StatusNotification');
  short.csms.ask('ClearCache', {}, 'c');
  await until('it is answered', () => short.csms.texts.includes('[4,"c","FormationViolation",""]'));

  const twice = await withQuirk('answers-twice');
  await twice.said('StatusNotification');
  twice.csms.ask('GetLocalListVersion', {}, 'c');
  await until('twice', () => twice.csms.texts.filter((text) => text.startsWith('[3,"c"')).length === 2);
});

test('after a boot: huge-data, unknown-data-transfer, status-flapping, odd-message-type', async () => {
  const { csms, said } = await scene({
    quirks: ['huge-data', 'unknown-data-transfer', 'status-flapping', 'odd-message-type'],
  });
  const transfers = await said('DataTransfer', 2);
  expect(transfers.map(([, , , { data }]) => String(data).length)).toEqual([5, 500_000]);
  await said('StatusNotification', 5);
  await said('Heartbeat');
  expect(csms.texts).toContain('[0,"odd",{}]');
});

test('silent-after-error: nothing more is said on that connection', async () => {
  const { csms, simulation, said } = await scene();
  await said('StatusNotification');
  simulation.setQuirk('silent-after-error', true);
  csms.answers.Heartbeat = () => undefined;
  await said('Heartbeat');
  await until('the error has come', () => simulation.state.errors > 0);
  csms.ask('ClearCache', {}, 'c');
  simulation.setNetwork(false);
  simulation.setNetwork(true);
  await said('BootNotification', 2);
  expect(csms.texts.some((text) => text.includes('"c"'))).toBe(false);
});

test('starts that are said again, at once or after the stop', async () => {
  for (const quirk of ['repeats-start', 'repeats-start-after-stop'] as const) {
    const { csms, simulation, said } = await withQuirk(quirk);
    await said('StatusNotification');
    simulation.plugIn({ ...car, staySeconds: 60 });
    const [first, again] = await said('StartTransaction', 2);
    await said('StopTransaction');
    expect(again?.[3]).toEqual(first?.[3]);
    const order = csms.texts
      .filter((text) => /"(Start|Stop)Transaction"/.test(text))
      .map((text) => text.includes('Stop'));
    expect(order.slice(0, 3)).toEqual(quirk === 'repeats-start' ? [false, false, true] : [false, true, false]);
  }
});

test('retries: as the specification says, then discarded; or without end', async () => {
  const discarded: string[] = [];
  const options = { speed: 60_000, say: (event: string) => event === 'discarded' && discarded.push(event) };
  const strict = await scene(options);
  await strict.said('StatusNotification');
  strict.csms.answers.StartTransaction = () => undefined;
  strict.simulation.plugIn({ ...car, staySeconds: 60 });
  await until('it is given up', () => discarded.length > 0);
  expect(strict.csms.calls('StartTransaction')).toHaveLength(3);

  const endless = await withQuirk('retries-for-ever', options);
  await endless.said('StatusNotification');
  endless.csms.answers.StartTransaction = () => undefined;
  endless.simulation.plugIn({ ...car, staySeconds: 60 });
  await endless.said('StartTransaction', 6);
  endless.simulation.setQuirk('retries-for-ever', false);
});

test('session-relative-meter: meter values count from the start of the charge', async () => {
  const { simulation, said } = await withQuirk('session-relative-meter', { speed: 6000 });
  await said('StatusNotification');
  for (const charges of [1, 2]) {
    simulation.plugIn({ ...car, staySeconds: 1800 });
    await said('StopTransaction', charges);
    await until('the car has left', () => simulation.state.connectors[0]?.soc === undefined);
  }
  const [, second] = await said('StartTransaction', 2);
  const values = JSON.stringify((await said('MeterValues', 2)).at(-1)?.[3]);
  const shown = Number(/"value":"(\d+)","context":"Sample.Periodic","measurand":"Energy/.exec(values)?.[1]);
  expect(shown).toBeLessThan(6000);
  expect(Number(second?.[3].meterStart)).toBeGreaterThan(4000);
});

test('a power cut: no goodbye, and the charge ends with PowerLoss after the boot with PowerUp', async () => {
  const { simulation, csms, said } = await scene({ version: 'ocpp2.0.1' });
  await said('StatusNotification');
  simulation.plugIn(car);
  await said('TransactionEvent');
  simulation.setPower(false);
  simulation.setPower(true);
  const [, boot] = await said('BootNotification', 2);
  expect(boot?.[3]).toMatchObject({ reason: 'PowerUp' });
  await until('it is ended', () =>
    csms.calls('TransactionEvent').some(([, , , { eventType }]) => eventType === 'Ended'),
  );
  expect(csms.calls('TransactionEvent').at(-1)?.[3]).toMatchObject({
    triggerReason: 'AbnormalCondition',
    transactionInfo: { stoppedReason: 'PowerLoss' },
  });
});

test('a clock that was reset is set by the next answer to a boot', async () => {
  const { simulation, csms, said } = await scene({ speed: 1 });
  await said('StatusNotification');
  simulation.setClock(new Date(0));
  csms.ask('TriggerMessage', { requestedMessage: 'StatusNotification' });
  const [, wrong] = await said('StatusNotification', 2);
  expect(String(wrong?.[3].timestamp)).toMatch(/^1970-01-01/);
  csms.ask('TriggerMessage', { requestedMessage: 'BootNotification' });
  const [, , right] = await said('StatusNotification', 3);
  expect(String(right?.[3].timestamp).slice(0, 13)).toBe(new Date().toISOString().slice(0, 13));
});

const answerTo = (msgId: string, csms: { texts: string[] }) =>
  until(`an answer to ${msgId}`, () => csms.texts.find((text) => text.startsWith(`[3,"${msgId}"`)));

test.each(['ocpp1.6', 'ocpp2.0.1'] as const)(
  '%s: clock-aligned readings also where nobody charges',
  async (version) => {
    const { csms, said } = await scene({ version, speed: 60 });
    await said('StatusNotification');
    const component = { name: 'AlignedDataCtrlr' };
    if (version === 'ocpp1.6') csms.ask('ChangeConfiguration', { key: 'ClockAlignedDataInterval', value: '30' });
    else
      csms.ask('SetVariables', {
        setVariableData: [{ component, variable: { name: 'Interval' }, attributeValue: '30' }],
      });
    const [first] = await said('MeterValues');
    expect(JSON.stringify(first?.[3])).toContain('"Sample.Clock"');
    expect(first?.[3]).not.toHaveProperty('transactionId');
  },
);

test('StopTxnSampledData is what the end of a transaction says', async () => {
  const { csms, simulation, said } = await scene();
  await said('StatusNotification');
  csms.ask('ChangeConfiguration', { key: 'StopTxnSampledData', value: 'SoC,Energy.Active.Import.Register' });
  simulation.plugIn({ ...car, staySeconds: 120 });
  const [stop] = await said('StopTransaction');
  expect(stop?.[3].transactionData).toMatchObject([
    {
      sampledValue: [{ context: 'Transaction.End', measurand: 'SoC' }, { measurand: 'Energy.Active.Import.Register' }],
    },
  ]);
});

const firmwareStatuses = (calls: { 3: Record<string, unknown> }[]) => calls.map(({ 3: { status } }) => status);

test('UpdateFirmware: waits for its time, installs, boots with the new version, and says so', async () => {
  const { csms, said } = await scene({ version: 'ocpp2.0.1', speed: 60 });
  await said('StatusNotification');
  const retrieveDateTime = new Date(Date.now() + 100).toISOString();
  csms.ask('UpdateFirmware', { requestId: 7, firmware: { location: 'https://files.example/fw', retrieveDateTime } });
  const statuses = firmwareStatuses(await said('FirmwareStatusNotification', 4));
  expect(statuses).toEqual(['Downloading', 'Downloaded', 'Installing', 'Installed']);
  const [, boot] = await said('BootNotification', 2);
  expect(boot?.[3]).toMatchObject({ reason: 'FirmwareUpdate', chargingStation: { firmwareVersion: '1.1' } });
  expect(csms.calls('SecurityEventNotification').map(([, , , { type }]) => type)).toContain('FirmwareUpdated');
});

test.each([
  ['-----BEGIN CERTIFICATE-----', ['SignatureVerified', 'Installing', 'Installed']],
  ['no certificate', ['InvalidSignature']],
])('SignedUpdateFirmware with %s', async (signingCertificate, last) => {
  const { csms, said } = await scene();
  await said('StatusNotification');
  const retrieveDateTime = new Date().toISOString();
  const firmware = { location: 'https://files.example/fw', retrieveDateTime, signingCertificate, signature: 's' };
  csms.ask('SignedUpdateFirmware', { requestId: 7, firmware });
  const calls = await said('SignedFirmwareStatusNotification', 2 + last.length);
  expect(firmwareStatuses(calls)).toEqual(['Downloading', 'Downloaded', ...last]);
  for (const [, , , payload] of calls) expect(payload.requestId).toBe(7);
});

test('logs and diagnostics are told state by state', async () => {
  const { csms, said } = await scene();
  await said('StatusNotification');
  csms.ask('GetDiagnostics', { location: 'ftp://files.example/' });
  expect(firmwareStatuses(await said('DiagnosticsStatusNotification', 2))).toEqual(['Uploading', 'Uploaded']);
  csms.ask('GetLog', { logType: 'SecurityLog', requestId: 3, log: { remoteLocation: 'ftp://files.example/' } });
  expect(firmwareStatuses(await said('LogStatusNotification', 2))).toEqual(['Uploading', 'Uploaded']);
});

test('data for its own vendor comes back, other vendors are unknown', async () => {
  const { csms, said } = await scene();
  await said('StatusNotification');
  csms.ask('DataTransfer', { vendorId: 'ocpp-csms', data: 'echo' }, 'mine');
  csms.ask('DataTransfer', { vendorId: 'other' }, 'others');
  expect(await answerTo('mine', csms)).toContain('{"status":"Accepted","data":"echo"}');
  expect(await answerTo('others', csms)).toContain('UnknownVendorId');
});

test('a TxProfile is for the transaction under way, or refused', async () => {
  const { csms, simulation, said } = await scene({ speed: 60 });
  await said('StatusNotification');
  simulation.plugIn(car);
  await said('StartTransaction');
  await until('it charges', () => simulation.state.connectors[0]?.status === 'Charging');
  const profile = (transactionId: number) => ({
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      transactionId,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 3000 }] },
    },
  });
  csms.ask('SetChargingProfile', profile(99), 'wrong');
  expect(await answerTo('wrong', csms)).toContain('Rejected');
  csms.ask('SetChargingProfile', profile(1), 'right');
  expect(await answerTo('right', csms)).toContain('Accepted');
  await until('3 kW flow', () => simulation.state.connectors[0]?.powerW === 3000);
});

test('GetReport: the variables that were asked for, or none', async () => {
  const { csms, said } = await scene({ version: 'ocpp2.0.1' });
  await said('StatusNotification');
  const component = { name: 'AuthCtrlr' };
  csms.ask('GetReport', { requestId: 1, componentVariable: [{ component }] });
  const [report] = await said('NotifyReport');
  const { reportData } = report?.[3] ?? {};
  expect(reportData).toHaveLength(4);
  csms.ask('GetReport', { requestId: 2, componentVariable: [{ component: { name: 'Nothing' } }] }, 'none');
  expect(await answerTo('none', csms)).toContain('EmptyResultSet');
});

test('a clock that was far off makes a security event when it is set', async () => {
  const { csms, simulation, said } = await scene({ speed: 1 });
  await said('StatusNotification');
  simulation.setClock(new Date(0));
  csms.ask('TriggerMessage', { requestedMessage: 'BootNotification' });
  const events = await said('SecurityEventNotification', 2);
  expect(events.map(([, , , { type }]) => type)).toContain('SettingSystemTime');
});

test('a cold battery takes less', async () => {
  const { simulation, said } = await scene({ speed: 1 });
  await said('StatusNotification');
  simulation.plugIn({ ...car, temperatureC: -10 });
  await until('it charges', () => (simulation.state.connectors[0]?.powerW ?? 0) > 0);
  expect(simulation.state.connectors[0]?.powerW).toBeCloseTo(11_000 * 0.4, -2);
});
