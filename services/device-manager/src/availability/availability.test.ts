import { describe, expect, test } from 'vitest';
import { type TestDeviceManager, testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

async function start() {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  return dm;
}

const status16 = (dm: TestDeviceManager, connectorId: number, status: string, more: object = {}, client = 'CP001') =>
  dm.tell(client, 'StatusNotification', { connectorId, errorCode: 'NoError', status, ...more });
const connectors = async (dm: TestDeviceManager, client = 'CP001') =>
  (await dm.rest('GET', `/charge-points/${client}/connectors`)).body;
const changes = (dm: TestDeviceManager) =>
  dm.events.filter(({ event }) => event === 'StatusChanged').map(({ data }) => data);

test('TC_001_CSMS each connector has its status; connector 0 of 1.6 is the charge point itself', async () => {
  const dm = await start();
  await status16(dm, 0, 'Available');
  await status16(dm, 1, 'Available', { timestamp: ago(10) });
  await status16(dm, 2, 'Faulted', {
    errorCode: 'ConnectorLockFailure',
    info: 'stuck',
    vendorId: 'V',
    vendorErrorCode: 'E7',
  });
  const body = await connectors(dm);
  expect(body.chargePoint).toMatchObject({ status: 'Available' });
  expect(body.items).toEqual([
    expect.objectContaining({ connectorId: 1, status: 'Available' }),
    expect.objectContaining({
      connectorId: 2,
      status: 'Faulted',
      errorCode: 'ConnectorLockFailure',
      info: 'stuck',
      vendorId: 'V',
      vendorErrorCode: 'E7',
    }),
  ]);
  expect(changes(dm)).toEqual([
    { connectorId: 0, status: 'Available' },
    { connectorId: 1, status: 'Available' },
    { connectorId: 2, status: 'Faulted', errorCode: 'ConnectorLockFailure' },
  ]);
});

test('row 46: connectors that cannot be are ignored, and kept from filling the memory', async () => {
  const dm = await start();
  for (const connectorId of [1_634_030_126, -1, 101, 1.5]) await status16(dm, connectorId, 'Available');
  for (let connectorId = 0; connectorId <= 100; connectorId++) await status16(dm, connectorId, 'Available');
  for (let evseId = 1; evseId <= 100; evseId++) {
    await dm.tell(
      'CP001',
      'StatusNotification',
      { evseId, connectorId: 1, connectorStatus: 'Available', timestamp: ago(0) },
      { protocol: 'ocpp2.0.1' },
    );
  }
  expect((await connectors(dm)).items).toHaveLength(100);
});

test('a status that comes late does not replace a newer one', async () => {
  const dm = await start();
  await status16(dm, 1, 'Charging', { timestamp: ago(10) });
  await status16(dm, 1, 'Preparing', { timestamp: ago(60) });
  expect((await connectors(dm)).items[0]).toMatchObject({ status: 'Charging' });
  await status16(dm, 1, 'Finishing', { timestamp: ago(5) });
  expect((await connectors(dm)).items[0]).toMatchObject({ status: 'Finishing' });
});

test('row 35: a clock that is ahead or unset is not believed, and blocks nothing', async () => {
  const dm = await start();
  await status16(dm, 1, 'Charging', { timestamp: '2093-01-01T00:00:00Z' });
  // Its clock is right by now, and a little behind ours.
  await status16(dm, 1, 'Available', { timestamp: ago(3) });
  await status16(dm, 2, 'Available', { timestamp: '1970-01-01T00:00:12Z' });
  await status16(dm, 3, 'Available', { timestamp: 'yesterday' });
  const { items } = await connectors(dm);
  expect(items.map(({ status }: { status: string }) => status)).toEqual(['Available', 'Available', 'Available']);
  for (const { statusAt } of items) expect(Math.abs(Date.now() - Date.parse(statusAt))).toBeLessThan(10_000);
});

test('row 47: a connector that flaps is told at a bearable rate, and its last state in the end', async () => {
  const dm = await startTestDeviceManager();
  // One that no other test has: what was told is remembered for a minute.
  await dm.create('FLAPPING');
  for (let n = 0; n < 31; n++) await status16(dm, 1, n % 2 ? 'Preparing' : 'Available', {}, 'FLAPPING');
  expect(changes(dm)).toHaveLength(10);
  expect((await connectors(dm, 'FLAPPING')).items[0]).toMatchObject({ status: 'Available' });
  dm.pass(61_000);
  await expect.poll(() => changes(dm).length, { timeout: 8000 }).toBe(11);
  expect(changes(dm).at(-1)).toEqual({ connectorId: 1, status: 'Available' });
});

test('the same status again is told to nobody', async () => {
  const dm = await start();
  for (let n = 0; n < 3; n++) await status16(dm, 1, 'Available');
  expect(changes(dm)).toHaveLength(1);
});

test('a status without what is required parks nothing and changes nothing', async () => {
  const dm = await start();
  await dm.tell('CP001', 'StatusNotification', { errorCode: 'NoError' });
  await dm.tell('CP001', 'StatusNotification', { connectorId: 1, status: 'Available' });
  expect(await dm.bus.parked.count()).toBe(0);
  expect((await connectors(dm)).items).toEqual([expect.objectContaining({ connectorId: 1, status: 'Available' })]);
});

describe('2.x', () => {
  test('tells by StatusNotification, and by the variable AvailabilityState', async () => {
    const dm = await start();
    const protocol = 'ocpp2.0.1' as const;
    await dm.tell(
      'CP001',
      'StatusNotification',
      { evseId: 1, connectorId: 2, connectorStatus: 'Occupied', timestamp: ago(1) },
      { protocol },
    );
    const event = (name: string, evse: object | undefined, actualValue: string) => ({
      eventId: 1,
      timestamp: ago(1),
      trigger: 'Delta',
      actualValue,
      eventNotificationType: 'HardWiredNotification',
      component: { name, ...(evse ? { evse } : {}) },
      variable: { name: 'AvailabilityState' },
    });
    const eventData = [
      event('ChargingStation', undefined, 'Available'),
      event('Connector', { id: 2, connectorId: 1 }, 'Faulted'),
      { ...event('EVSE', { id: 3 }, '1'), variable: { name: 'Power' } },
    ];
    await dm.tell('CP001', 'NotifyEvent', { generatedAt: ago(0), seqNo: 0, eventData }, { protocol });
    const body = await connectors(dm);
    expect(body.chargePoint).toMatchObject({ status: 'Available' });
    expect(body.items).toEqual([
      expect.objectContaining({ evseId: 1, connectorId: 2, status: 'Occupied' }),
      expect.objectContaining({ evseId: 2, connectorId: 1, status: 'Faulted' }),
    ]);
  });
});

test('TC_048_3_CSMS TC_G_03 what was set by ChangeAvailability is shown, unless it was rejected', async () => {
  const dm = await start();
  await status16(dm, 1, 'Available');
  await status16(dm, 2, 'Available');
  const answers = ['Accepted', 'Scheduled', 'Rejected'];
  await dm.connect('CP001', 'ocpp1.6', () => ({ response: { status: answers.shift() } }));
  await dm.command('CP001', 'ChangeAvailability', { connectorId: 1, type: 'Inoperative' });
  await dm.command('CP001', 'ChangeAvailability', { connectorId: 0, type: 'Inoperative' });
  await dm.command('CP001', 'ChangeAvailability', { connectorId: 2, type: 'Inoperative' });
  const body = await connectors(dm);
  expect(body.availability).toMatchObject({ operative: false, answer: 'Scheduled' });
  expect(body.items[0].availability).toMatchObject({ operative: false, answer: 'Accepted' });
  expect(body.items[1].availability).toBeUndefined();
});
