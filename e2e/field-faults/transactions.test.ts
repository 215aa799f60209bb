import { actionsOf } from '@ocpp-csms/ocpp';
import { describe, expect, test } from 'vitest';
import { boot, charge, meterValues, report, startTransaction, stopTransaction } from '../src/charge-1.6.ts';
import { boot as boot2, energy, idTokenOf, startCharging, transactionOn, versions2 } from '../src/charge-2.ts';
import { startCsms } from '../src/csms.ts';
import {
  commandIsAnswered,
  connect,
  connectorBecomes,
  type LedgerEntry,
  messagesOf,
  minutesAgo,
  newChargePoint,
  newToken,
  now,
  onlyTransaction,
  register,
  transactionsOf,
  unique,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

const codesOf = ({ flags }: LedgerEntry) => flags.map(({ code }) => code);

test('row 33: StartTransaction repeated on a new connection: the same id, one transaction', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  const start = { timestamp: now(), meterStart: 500 };
  const first = await startTransaction(chargePoint, idTag, start);
  const repeat = await startTransaction(chargePoint, idTag, start);
  await chargePoint.drop();
  const again = await connect(csms, { networkId: chargePoint.networkId });
  const later = await startTransaction(again, idTag, start);
  expect([repeat, later]).toEqual([first, first]);
  await onlyTransaction(csms, again);
});

test('row 33: two starts at once on two sockets make one transaction', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  const payload = { connectorId: 1, idTag, meterStart: 1, timestamp: now() };
  const burst = await Promise.all(
    Array.from({ length: 10 }, (_, index) => chargePoint.callAs(`start-${index}`, 'StartTransaction', payload)),
  );
  expect(new Set(burst.map((answer) => (answer as { transactionId: number }).transactionId)).size).toBe(1);
  await onlyTransaction(csms, chargePoint);
});

test('row 33: another session with the same tag is another transaction', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  const first = await startTransaction(chargePoint, idTag, { timestamp: minutesAgo(10), meterStart: 0 });
  await stopTransaction(chargePoint, first.transactionId, { meterStop: 10, timestamp: minutesAgo(5) });
  const second = await startTransaction(chargePoint, idTag, { timestamp: now(), meterStart: 10 });
  expect(second.transactionId).not.toBe(first.transactionId);
});

test('row 34: StartTransaction repeated after the stop: the same id, nothing is opened again', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  const start = { timestamp: minutesAgo(3), meterStart: 500 };
  const first = await startTransaction(chargePoint, idTag, start);
  await stopTransaction(chargePoint, first.transactionId, { meterStop: 900 });
  expect((await startTransaction(chargePoint, idTag, start)).transactionId).toBe(first.transactionId);
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 400 });
});

test.each(['1970-01-01T00:00:00Z', '2099-12-31T23:59:59Z', '222222017-01-01T00:00:00Z', '1000000', 'yesterday', ''])(
  'row 35: the time is %s: answered, the time of receipt is used, and it is flagged',
  async (timestamp) => {
    const chargePoint = await booted();
    const idTag = await newToken(csms);
    const payload = { connectorId: 1, idTag, meterStart: 10, timestamp };
    const answer = await chargePoint.callAs('start-35', 'StartTransaction', payload);
    expect(answer).toMatchObject({ transactionId: expect.any(Number), idTagInfo: { status: 'Accepted' } });
    const transaction = await onlyTransaction(csms, chargePoint);
    expect(Math.abs(Date.now() - Date.parse(transaction.startedAt))).toBeLessThan(60_000);
    expect(codesOf(transaction)).toContain('implausible-time');
  },
);

test('row 35: a time without a zone is taken as UTC and flagged', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  const local = minutesAgo(5);
  await chargePoint.callAs('start-zone', 'StartTransaction', {
    connectorId: 1,
    idTag,
    meterStart: 10,
    timestamp: local.replace('Z', ''),
  });
  const transaction = await onlyTransaction(csms, chargePoint);
  expect(transaction.startedAt).toBe(local);
  expect(codesOf(transaction)).toContain('no-zone');
});

test('row 36: currentTime has milliseconds, in BootNotification and Heartbeat', async () => {
  const chargePoint = await newChargePoint(csms);
  const answers = [
    await chargePoint.call('BootNotification', { chargePointVendor: 'Webasto', chargePointModel: 'NEXT' }),
    await chargePoint.call('Heartbeat', {}),
  ];
  for (const { currentTime } of answers) expect(currentTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

describe('row 37: StopTransaction that names no transaction of ours', () => {
  test.each([0, -1, 987654321])(
    'id %i: answered without error, and matched by tag to the only open one',
    async (transactionId) => {
      const chargePoint = await booted();
      const idTag = await newToken(csms);
      await charge(chargePoint, idTag, { meterStart: 100 });
      const answer = await stopTransaction(chargePoint, transactionId, { idTag, meterStop: 300 });
      expect(answer).not.toHaveProperty('idTagInfo.status', 'Invalid');
      const transaction = await onlyTransaction(csms, chargePoint);
      expect(transaction).toMatchObject({ active: false, energyWh: 200 });
      expect(codesOf(transaction)).toContain('matched-without-id');
    },
  );

  test('with nothing open it is answered all the same', async () => {
    const chargePoint = await booted();
    for (const transactionId of [0, -1, 987654321]) await stopTransaction(chargePoint, transactionId, { meterStop: 5 });
    expect((await transactionsOf(csms, chargePoint)).filter(({ active }) => active)).toEqual([]);
  });
});

test('row 38: MeterValues with an unknown transaction are answered with {}', async () => {
  const chargePoint = await booted();
  await meterValues(chargePoint, 987654321, 42);
});

test('row 39: a stop with an unknown id and another tag does not end the charge on connector 1', async () => {
  const chargePoint = await booted();
  await charge(chargePoint, await newToken(csms), { meterStart: 100 });
  await stopTransaction(chargePoint, 987654321, {
    idTag: await newToken(csms),
    meterStop: 50,
    timestamp: minutesAgo(60),
  });
  expect((await transactionsOf(csms, chargePoint)).filter(({ active }) => active)).toHaveLength(1);
});

test('row 39: two connectors started in one second have different ids', async () => {
  const chargePoint = await booted();
  const timestamp = now();
  const [idTag1, idTag2] = [await newToken(csms), await newToken(csms)];
  const one = await startTransaction(chargePoint, idTag1, { connectorId: 1, timestamp });
  const two = await startTransaction(chargePoint, idTag2, { connectorId: 2, timestamp });
  expect(one.transactionId).not.toBe(two.transactionId);
});

test('row 40: transaction ids go on after a restart, and none is given twice', async () => {
  const own = await startCsms();
  try {
    const { networkId } = await register(own);
    const idTag = await newToken(own);
    const ids: number[] = [];
    for (let run = 0; run < 3; run++) {
      const chargePoint = await connect(own, { networkId });
      await boot(chargePoint);
      for (let turn = 0; turn < 3; turn++) {
        const timestamp = minutesAgo(100 - run * 10 - turn);
        const { transactionId } = await startTransaction(chargePoint, idTag, { timestamp, meterStart: ids.length });
        await stopTransaction(chargePoint, transactionId, { meterStop: ids.length + 1, timestamp });
        ids.push(transactionId);
      }
      await chargePoint.drop();
      await own.restart();
    }
    expect(new Set(ids).size).toBe(9);
    expect(Math.min(...ids)).toBeGreaterThan(0);
    expect(await transactionsOf(own, { networkId })).toHaveLength(9);
  } finally {
    await own.stop();
  }
});

test('row 41: sessions of months ago with a tag that is blocked by now: answered, times kept, live state untouched', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms, { status: 'Blocked' });
  await report(chargePoint, 'Available');
  const day = 24 * 60;
  const [startedAt, stoppedAt] = [minutesAgo(120 * day), minutesAgo(120 * day - 60)];
  const { transactionId } = await startTransaction(chargePoint, idTag, { timestamp: startedAt });
  await stopTransaction(chargePoint, transactionId, { timestamp: stoppedAt });
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, startedAt, stoppedAt });
  await connectorBecomes(csms, chargePoint, 1, 'Available');
});

describe.each(versions2)('row 42, %s', (protocol) => {
  async function booted2() {
    const chargePoint = await newChargePoint(csms, { protocol });
    await boot2(chargePoint);
    return chargePoint;
  }

  test('a late Updated does not revive an ended transaction', async () => {
    const chargePoint = await booted2();
    const transaction = await startCharging(chargePoint, await newToken(csms), 0);
    const late = transaction.event('Updated', 'MeterValuePeriodic', {
      meterValue: energy(300),
      info: { chargingState: 'Charging' },
    });
    await transaction.send('Ended', 'StopAuthorized', { meterValue: energy(800, 'Transaction.End') });
    await chargePoint.call('TransactionEvent', late);
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 800 });
  });

  test('Ended arrives before Started: accepted, and completed by the late one', async () => {
    const chargePoint = await booted2();
    const transaction = transactionOn(chargePoint);
    const started = transaction.event('Started', 'Authorized', {
      idToken: idTokenOf(await newToken(csms)),
      meterValue: energy(100, 'Transaction.Begin'),
    });
    await transaction.send('Ended', 'StopAuthorized', { meterValue: energy(400, 'Transaction.End') });
    await chargePoint.call('TransactionEvent', started);
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 300 });
  });

  test('an event sent twice counts once', async () => {
    const chargePoint = await booted2();
    const transaction = await startCharging(chargePoint, await newToken(csms), 0);
    const update = transaction.event('Updated', 'MeterValuePeriodic', { meterValue: energy(300) });
    const ended = transaction.event('Ended', 'StopAuthorized', { meterValue: energy(800, 'Transaction.End') });
    for (const event of [update, update, ended, ended]) await chargePoint.call('TransactionEvent', event);
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 800 });
  });

  test('a missing connectorId is not taken as 1', async () => {
    const chargePoint = await booted2();
    const transaction = transactionOn(chargePoint);
    await transaction.send('Started', 'Authorized', { evse: { id: 2 }, idToken: idTokenOf(await newToken(csms)) });
    const shown = await onlyTransaction(csms, chargePoint);
    expect(shown).toMatchObject({ evseId: 2 });
    expect(shown.connectorId ?? null).toBeNull();
  });

  test('the same transactionId at another charge point is another transaction', async () => {
    const [one, two] = [await booted2(), await booted2()];
    const first = await startCharging(one, await newToken(csms), 0);
    const second = transactionOn(two, first.transactionId);
    await second.send('Ended', 'StopAuthorized', { meterValue: energy(50, 'Transaction.End') });
    expect(await onlyTransaction(csms, one)).toMatchObject({ active: true });
  });
});

test('row 43: an unknown tag in StartTransaction: an id and Invalid, at once', async () => {
  const chargePoint = await booted();
  expect(await startTransaction(chargePoint, unique('TAG'))).toMatchObject({
    status: 'Invalid',
    transactionId: expect.any(Number),
  });
});

test('row 44: the meter reads less at the end than at the beginning: disputed, never negative', async () => {
  const chargePoint = await booted();
  const transactionId = await charge(chargePoint, await newToken(csms), { meterStart: 5000 });
  await stopTransaction(chargePoint, transactionId, { meterStop: 924 });
  const transaction = await onlyTransaction(csms, chargePoint);
  expect(transaction).toMatchObject({ active: false, disputed: true });
  expect(transaction.energyWh === null || transaction.energyWh >= 0).toBe(true);
  expect(codesOf(transaction)).toContain('meter-went-backwards');
});

test('row 45: numbers, no measurand, kWh, comma decimals and an empty text: what can be read is read, nothing is guessed', async () => {
  const chargePoint = await booted();
  const transactionId = await charge(chargePoint, await newToken(csms));
  const sampledValue = [
    { value: 1234 },
    { value: '1.5', measurand: 'Energy.Active.Import.Register', unit: 'kWh', location: 'Inlet' },
    { value: '12,5', measurand: 'Current.Import', unit: 'A' },
    { value: '', measurand: 'Voltage', unit: 'V' },
  ];
  const payload = { connectorId: 1, transactionId, meterValue: [{ timestamp: now(), sampledValue }] };
  expect(await chargePoint.callAs('meter-45', 'MeterValues', payload)).toEqual({});
  const { id } = await onlyTransaction(csms, chargePoint);
  const shown = async () => JSON.stringify(await csms.api.get(`/session/transactions/${id}/meter-values`));
  await expect.poll(shown).toContain('1234');
  expect(await shown()).toContain('1500');
  expect(await shown()).not.toMatch(/"value":(12|0)\b(?!\.)/);
});

test('row 46: absurd connector numbers and counts: answered, and nothing is allocated for them', async () => {
  const chargePoint = await booted();
  expect(
    await chargePoint.callAs('status-46', 'StatusNotification', {
      connectorId: 1634030126,
      errorCode: 'NoError',
      status: 'Available',
    }),
  ).toEqual({});
  const absurd = { configurationKey: [{ key: 'NumberOfConnectors', readonly: true, value: '1634030126' }] };
  await commandIsAnswered(csms, chargePoint, 'GetConfiguration', {}, absurd);
  const path = `/device-manager/charge-points/${chargePoint.networkId}/connectors`;
  const { items } = await csms.api.get<{ items: unknown[] }>(path);
  expect(items.length).toBeLessThanOrEqual(101);
});

test('row 47: a flapping status: every one is answered, the last one counts', async () => {
  const chargePoint = await booted();
  for (let round = 0; round < 100; round++) await report(chargePoint, round % 2 === 0 ? 'Preparing' : 'Available');
  await report(chargePoint, 'Preparing');
  await connectorBecomes(csms, chargePoint, 1, 'Preparing');
});

test('row 48: DataTransfer of an unknown vendor: UnknownVendorId, and it is in the log', async () => {
  const chargePoint = await booted();
  expect(await chargePoint.call('DataTransfer', { vendorId: 'com.example.nobody', data: 'something' })).toMatchObject({
    status: 'UnknownVendorId',
  });
  expect(await messagesOf(csms, chargePoint, '&messageType=DataTransfer&direction=2')).toHaveLength(1);
});

describe('row 49: every CALL gets exactly one answer', () => {
  const all = (['ocpp1.6', ...versions2] as const).flatMap((version) =>
    actionsOf(version)
      .filter(({ from, kind, action }) => from !== 'csms' && kind === 'call' && action !== 'BootNotification')
      .map(({ action }) => [version, action] as const),
  );

  test.each(['ocpp1.6', ...versions2] as const)(
    '%s: each action with an empty and with a senseless payload',
    async (protocol) => {
      const chargePoint = await newChargePoint(csms, { protocol });
      const vendor = {
        chargePointVendor: 'A',
        chargePointModel: 'B',
        reason: 'PowerUp',
        chargingStation: { vendorName: 'A', model: 'B' },
      };
      await chargePoint.callAs('boot', 'BootNotification', vendor);
      const sent: string[] = ['boot'];
      for (const [version, action] of all) {
        if (version !== protocol) continue;
        for (const payload of [{}, { status: 17, connectorId: 'x', timestamp: [] }, [], null]) {
          const msgId = `${action}-${sent.length}`;
          sent.push(msgId);
          await chargePoint
            .callAs(msgId, action, payload)
            .catch((error: Error) => expect(error.name, `${action}: ${error.message}`).toBe('CallError'));
        }
      }
      expect(chargePoint.answered.map(({ msgId }) => msgId)).toEqual(sent);
    },
    60_000,
  );

  test('a reference to something of another kind of charge point is answered too', async () => {
    const chargePoint = await booted();
    for (const [msgId, action, payload] of [
      ['a', 'MeterValues', { connectorId: -5, meterValue: [] }],
      ['b', 'StopTransaction', { transactionId: 'abc', meterStop: 'x', timestamp: now() }],
      ['c', 'StartTransaction', { connectorId: 0, idTag: 'X', meterStart: -1, timestamp: now() }],
    ] as const) {
      await chargePoint.callAs(msgId, action, payload).catch((error: Error) => expect(error.name).toBe('CallError'));
    }
    expect(chargePoint.answered.map(({ msgId }) => msgId).slice(-3)).toEqual(['a', 'b', 'c']);
  });
});
