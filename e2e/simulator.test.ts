import { type Simulation, type SimulationOptions, simulate } from '@ocpp-csms/simulator';
import { until } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { command, connectorOf, messagesOf, newToken, onlyTransaction, register, transactionsOf } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

const csms = shareCsms();

interface Scene {
  simulation: Simulation;
  networkId: string;
  token: string;
  events: { event: string; details: Record<string, unknown> }[];
  happened(event: string, times?: number): Promise<void>;
}

const car = { afterSeconds: 0, staySeconds: 3600, soc: 30, capacityKwh: 60, maxPowerW: 11_000 };

/** Registered, booted, and idle: cars come when a test plugs one in. */
async function idle(version: SimulationOptions['version'], more: Partial<SimulationOptions> = {}): Promise<Scene> {
  const { networkId } = await register(csms, { securityProfile: 0, password: undefined });
  const token = await newToken(csms);
  const events: Scene['events'] = [];
  const simulation = simulate({
    url: csms.wsUrl,
    id: networkId,
    version,
    token,
    once: false,
    interval: 300,
    duration: 3600,
    speed: 600,
    // None comes by itself.
    nextVisit: () => ({ ...car, token, afterSeconds: 1e6 }),
    say: (event, _words, details = {}) => events.push({ event, details }),
    ...more,
  });
  onTestFinished(() => simulation.stop());
  simulation.start();
  const happened = (event: string, times = 1) =>
    until(`${event}, ${times} times`, () => events.filter((one) => one.event === event).length >= times).then(
      () => undefined,
    );
  await until('it is accepted', () => simulation.state.isAccepted);
  return { simulation, networkId, token, events, happened };
}

const versions = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'] as const;

test.each(versions)('%s: a car charges along its curve, and the ledger has what the meter showed', async (version) => {
  const { simulation, networkId, token, events, happened } = await idle(version);
  expect(simulation.plugIn({ ...car, token, staySeconds: 2400 })).toBe(true);
  await happened('stopped');
  const stopped = events.find(({ event }) => event === 'stopped')?.details;
  expect(Number(stopped?.energyWh)).toBeGreaterThan(6000);
  expect(await onlyTransaction(csms, { networkId })).toMatchObject({ energyWh: stopped?.energyWh, disputed: false });
});

test.each(versions)('%s: what happens offline is told later, in order, once', async (version) => {
  const { simulation, networkId, token, happened } = await idle(version);
  simulation.plugIn({ ...car, token, staySeconds: 600 });
  await happened('stopped');
  simulation.setNetwork(false);
  simulation.plugIn({ ...car, token, staySeconds: 600 });
  await until(
    'it has charged offline',
    () => simulation.state.queued > 0 && simulation.state.connectors[0]?.soc === undefined,
  );
  simulation.setNetwork(true);
  await happened('stopped', 2);
  const transactions = await transactionsOf(csms, { networkId });
  expect(transactions).toHaveLength(2);
  for (const transaction of transactions) expect(transaction).toMatchObject({ active: false, disputed: false });
});

test.each(versions)('%s: a transaction that a power cut ended is told with its reason', async (version) => {
  const { simulation, networkId, token, happened } = await idle(version);
  simulation.plugIn({ ...car, token });
  await happened('started');
  await until('energy flows', () => (simulation.state.connectors[0]?.energyWh ?? 0) > 100);
  simulation.setPower(false);
  simulation.setPower(true);
  await happened('stopped');
  expect(await onlyTransaction(csms, { networkId })).toMatchObject({ active: false, reason: 'PowerLoss' });
});

test('1.6: a TxDefaultProfile is obeyed, shown by GetCompositeSchedule, and cleared', async () => {
  const { simulation, networkId, token, happened } = await idle('ocpp1.6', { speed: 60 });
  const chargingSchedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 4000 }] };
  const csChargingProfiles = {
    chargingProfileId: 1,
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule,
  };
  const send = (action: string, payload: unknown) => command(csms, { networkId }, action, payload);
  expect(await send('SetChargingProfile', { connectorId: 1, csChargingProfiles })).toMatchObject({
    response: { status: 'Accepted' },
  });
  simulation.plugIn({ ...car, token });
  await happened('started');
  await until('4 kW flow', () => simulation.state.connectors[0]?.powerW === 4000);
  expect(await send('GetCompositeSchedule', { connectorId: 1, duration: 600 })).toMatchObject({
    response: { status: 'Accepted', chargingSchedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 4000 }] } },
  });
  expect(await send('ClearChargingProfile', { id: 1 })).toMatchObject({ response: { status: 'Accepted' } });
  await until('all that the car takes', () => simulation.state.connectors[0]?.powerW === 11_000);
});

test('2.0.1: a TxProfile holds for its transaction, and is reported', async () => {
  const { simulation, networkId, token, happened } = await idle('ocpp2.0.1', { speed: 60 });
  simulation.plugIn({ ...car, token });
  await happened('started');
  const { transactionId } = await onlyTransaction(csms, { networkId });
  const chargingProfile = {
    id: 7,
    stackLevel: 0,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Relative',
    transactionId,
    chargingSchedule: [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] }],
  };
  expect(await command(csms, { networkId }, 'SetChargingProfile', { evseId: 1, chargingProfile })).toMatchObject({
    response: { status: 'Accepted' },
  });
  await until('6 A flow', () => simulation.state.connectors[0]?.powerW === 6 * 230 * 3);
  const asked = { requestId: 1, chargingProfile: { chargingProfilePurpose: 'TxProfile' } };
  expect(await command(csms, { networkId }, 'GetChargingProfiles', asked)).toMatchObject({
    response: { status: 'Accepted' },
  });
  await until('it is reported', async () =>
    (await messagesOf(csms, { networkId })).some(({ body }) => body.messageType === 'ReportChargingProfiles'),
  );
});

test('1.6: a reserved connector is for its token alone, and free again afterwards', async () => {
  const { simulation, networkId, token, happened } = await idle('ocpp1.6', { speed: 1 });
  const expiryDate = new Date(Date.now() + 600_000).toISOString();
  const reserve = { connectorId: 1, expiryDate, idTag: token, reservationId: 1 };
  expect(await command(csms, { networkId }, 'ReserveNow', reserve)).toMatchObject({ response: { status: 'Accepted' } });
  await until('it is reserved', async () => (await connectorOf(csms, { networkId }, 1))?.status === 'Reserved');
  simulation.plugIn({ ...car, token: await newToken(csms) });
  await happened('token-refused');
  expect(await transactionsOf(csms, { networkId })).toEqual([]);
  await until('the other has left', () => simulation.state.connectors[0]?.soc === undefined);
  simulation.plugIn({ ...car, token, staySeconds: 1 });
  await happened('stopped');
  expect(await onlyTransaction(csms, { networkId })).toMatchObject({ active: false });
});

test('2.0.1: the whole device model is reported, read and written', async () => {
  const { networkId } = await idle('ocpp2.0.1');
  const sent = await command(csms, { networkId }, 'GetBaseReport', { requestId: 1, reportBase: 'FullInventory' });
  expect(sent).toMatchObject({ response: { status: 'Accepted' } });
  await until('all parts are there', async () =>
    (await messagesOf(csms, { networkId })).some(
      ({ body }) => body.messageType === 'NotifyReport' && (body.messageBody as { tbc?: boolean }).tbc === false,
    ),
  );
  const address = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };
  expect(
    await command(csms, { networkId }, 'SetVariables', { setVariableData: [{ ...address, attributeValue: '77' }] }),
  ).toMatchObject({ response: { setVariableResult: [{ attributeStatus: 'Accepted' }] } });
  expect(await command(csms, { networkId }, 'GetVariables', { getVariableData: [address] })).toMatchObject({
    response: { getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '77' }] },
  });
});

test('1.6: firmware and diagnostics are told state by state', async () => {
  const { networkId } = await idle('ocpp1.6');
  const told = async (action: string) =>
    (await messagesOf(csms, { networkId }))
      .filter(({ body }) => body.messageType === action && body.direction === 2)
      .map(({ body }) => (body.messageBody as { status: string }).status);
  await command(csms, { networkId }, 'GetDiagnostics', { location: 'ftp://files.example/' });
  await until('they are uploaded', async () => (await told('DiagnosticsStatusNotification')).includes('Uploaded'));
  expect((await told('DiagnosticsStatusNotification')).toSorted()).toEqual(['Uploaded', 'Uploading']);
  // Afterwards: new firmware begins with a reboot, which ends an upload.
  const location = 'ftp://files.example/fw.bin';
  await command(csms, { networkId }, 'UpdateFirmware', { location, retrieveDate: new Date().toISOString() });
  await until('it is installed', async () => (await told('FirmwareStatusNotification')).includes('Installed'));
});

test('quirks of real firmware do no harm to the ledger', async () => {
  const { simulation, networkId, token, happened } = await idle('ocpp1.6', {
    quirks: ['numeric-values', 'unit-hz', 'long-info', 'empty-vendor', 'repeats-start'],
  });
  simulation.plugIn({ ...car, token, staySeconds: 900 });
  await happened('stopped');
  expect(await onlyTransaction(csms, { networkId })).toMatchObject({ active: false, disputed: false });
});
