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

const entry = (idTag: string) => ({ idTag, idTagInfo: { status: 'Accepted' as const } });
const fullList = {
  listVersion: 1,
  updateType: 'Full' as const,
  localAuthorizationList: [entry('TAG-A'), entry('TAG-B')],
};

test.each([
  ['TC_042_1_CSMS', 'not supported', -1],
  ['TC_042_2_CSMS', 'empty', 0],
])('%s: GetLocalListVersion: %s', async (_case, _meaning, listVersion) => {
  await commandIsAnswered(csms, await booted(), 'GetLocalListVersion', {}, { listVersion });
});

test.each([
  ['TC_043_1_CSMS', 'NotSupported'],
  ['TC_043_3_CSMS', 'Failed'],
] as const)('%s: SendLocalList Full answered %s is survived', async (_case, status) => {
  const chargePoint = await booted();
  await commandIsAnswered(csms, chargePoint, 'SendLocalList', fullList, { status });
  expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
});

test('TC_043_4_CSMS: SendLocalList Full, each entry with idTagInfo', async () => {
  const chargePoint = await booted();
  await commandIsAnswered(csms, chargePoint, 'SendLocalList', fullList, { status: 'Accepted' });
  const { payload } = chargePoint.received.map((call) => call).find(({ action }) => action === 'SendLocalList')!;
  const { localAuthorizationList } = payload as typeof fullList;
  expect(localAuthorizationList.every(({ idTagInfo }) => idTagInfo.status === 'Accepted')).toBe(true);
});

test('TC_043_5_CSMS: version read, then SendLocalList Differential with a higher one', async () => {
  const chargePoint = await booted();
  await commandIsAnswered(csms, chargePoint, 'SendLocalList', fullList, { status: 'Accepted' });
  await commandIsAnswered(csms, chargePoint, 'GetLocalListVersion', {}, { listVersion: 1 });
  const change = { listVersion: 2, updateType: 'Differential' as const, localAuthorizationList: [entry('TAG-C')] };
  await commandIsAnswered(csms, chargePoint, 'SendLocalList', change, { status: 'Accepted' });
});
