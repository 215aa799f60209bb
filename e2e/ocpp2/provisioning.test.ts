import { randomUUID } from 'node:crypto';
import { CallError } from '@ocpp-csms/testing';
import { describe, expect, test } from 'vitest';
import { boot, energy, report, startCharging, versions2 } from '../src/charge-2.ts';
import {
  chargePointRecord,
  commandIsAnswered,
  connect,
  connectorBecomes,
  messagesOf,
  newChargePoint,
  newToken,
  now,
  onlyTransaction,
  password,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

const variable = (component: string, name: string) => ({ component: { name: component }, variable: { name } });
const offlineThreshold = variable('OCPPCommCtrlr', 'OfflineThreshold');
const authorizeRemoteStart = variable('AuthCtrlr', 'AuthorizeRemoteStart');

describe.each(versions2)('%s', (protocol) => {
  async function booted() {
    const chargePoint = await newChargePoint(csms, { protocol });
    await boot(chargePoint);
    return chargePoint;
  }

  test('TC_B_01_CSMS: boot is accepted with time and interval, and the connector shown', async () => {
    const chargePoint = await booted();
    expect(chargePoint.agreedProtocol).toBe(protocol);
    expect((await chargePoint.call('Heartbeat', {})).currentTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    await connectorBecomes(csms, chargePoint, 1, 'Available');
    expect(await chargePointRecord(csms, chargePoint)).toMatchObject({
      vendor: 'Acme',
      model: 'Two',
      connection: { connected: true },
    });
  });

  test('TC_B_06_CSMS, TC_B_07_CSMS: GetVariables of one and of two', async () => {
    const chargePoint = await booted();
    const one = {
      getVariableResult: [{ ...offlineThreshold, attributeStatus: 'Accepted' as const, attributeValue: '60' }],
    };
    await commandIsAnswered(csms, chargePoint, 'GetVariables', { getVariableData: [offlineThreshold] }, one);
    const remote = { ...authorizeRemoteStart, attributeStatus: 'Accepted' as const, attributeValue: 'false' };
    const two = { getVariableResult: [...one.getVariableResult, remote] };
    await commandIsAnswered(
      csms,
      chargePoint,
      'GetVariables',
      { getVariableData: [offlineThreshold, authorizeRemoteStart] },
      two,
    );
    const shown = async () =>
      JSON.stringify(await csms.api.get(`/device-manager/charge-points/${chargePoint.networkId}/configuration`));
    await expect.poll(shown).toContain('"AuthorizeRemoteStart"');
    expect(await shown()).toContain('"OfflineThreshold"');
  });

  test('TC_B_09_CSMS: SetVariables with a text', async () => {
    const chargePoint = await booted();
    const payload = { setVariableData: [{ ...offlineThreshold, attributeValue: '123' }] };
    const answer = { setVariableResult: [{ ...offlineThreshold, attributeStatus: 'Accepted' as const }] };
    await commandIsAnswered(csms, chargePoint, 'SetVariables', payload, answer);
  });

  test('TC_A_09_CSMS: after an accepted BasicAuthPassword only the new password connects', async () => {
    const chargePoint = await booted();
    const name = variable('SecurityCtrlr', 'BasicAuthPassword');
    const newPassword = 'another-horse-battery-16';
    const payload = { setVariableData: [{ ...name, attributeValue: newPassword }] };
    await commandIsAnswered(csms, chargePoint, 'SetVariables', payload, {
      setVariableResult: [{ ...name, attributeStatus: 'Accepted' as const }],
    });
    await chargePoint.drop();
    const { networkId } = chargePoint;
    await boot(await connect(csms, { networkId, protocol, password: newPassword }));
    await expect(connect(csms, { networkId, protocol, password })).rejects.toMatchObject({ status: 401 });
  });

  test('TC_A_10_CSMS: after a rejected BasicAuthPassword the old password keeps working', async () => {
    const chargePoint = await booted();
    const name = variable('SecurityCtrlr', 'BasicAuthPassword');
    const payload = { setVariableData: [{ ...name, attributeValue: 'refused-horse-battery-16' }] };
    await commandIsAnswered(csms, chargePoint, 'SetVariables', payload, {
      setVariableResult: [{ ...name, attributeStatus: 'Rejected' as const }],
    });
    await chargePoint.drop();
    await boot(await connect(csms, { networkId: chargePoint.networkId, protocol }));
  });

  test.each([
    ['TC_B_12_CSMS', 'ConfigurationInventory'],
    ['TC_B_13_CSMS', 'FullInventory'],
    ['TC_B_14_CSMS', 'SummaryInventory'],
  ] as const)('%s: GetBaseReport %s: every part is collected', async (_case, reportBase) => {
    const chargePoint = await booted();
    const requestId = 41;
    await commandIsAnswered(csms, chargePoint, 'GetBaseReport', { requestId, reportBase }, { status: 'Accepted' });
    for (const [seqNo, component] of ['PartOne', 'PartTwo'].entries()) {
      const reportData = [{ ...variable(component, 'Enabled'), variableAttribute: [{ value: 'true' }] }];
      expect(
        await chargePoint.call('NotifyReport', { requestId, generatedAt: now(), seqNo, tbc: seqNo === 0, reportData }),
      ).toEqual({});
    }
    const shown = async () =>
      JSON.stringify(await csms.api.get(`/device-manager/charge-points/${chargePoint.networkId}/configuration`));
    await expect.poll(shown).toContain('PartTwo');
    expect(await shown()).toContain('PartOne');
  });

  test('TC_B_20_CSMS: Reset OnIdle, then the boot is accepted', async () => {
    const chargePoint = await booted();
    await commandIsAnswered(csms, chargePoint, 'Reset', { type: 'OnIdle' }, { status: 'Accepted' });
    await chargePoint.close();
    await boot(await connect(csms, { networkId: chargePoint.networkId, protocol }));
  });

  test('TC_B_21_CSMS: Reset OnIdle during a transaction, Scheduled is shown', async () => {
    const chargePoint = await booted();
    await startCharging(chargePoint, await newToken(csms));
    await commandIsAnswered(csms, chargePoint, 'Reset', { type: 'OnIdle' }, { status: 'Scheduled' });
  });

  test('TC_B_22_CSMS: Reset Immediate during a transaction: its end and the boot are taken', async () => {
    const chargePoint = await booted();
    const transaction = await startCharging(chargePoint, await newToken(csms));
    await commandIsAnswered(csms, chargePoint, 'Reset', { type: 'Immediate' }, { status: 'Accepted' });
    await transaction.send('Ended', 'ResetCommand', {
      meterValue: energy(1100, 'Transaction.End'),
      info: { stoppedReason: 'ImmediateReset' },
    });
    await chargePoint.close();
    const again = await connect(csms, { networkId: chargePoint.networkId, protocol });
    await boot(again);
    expect(await onlyTransaction(csms, again)).toMatchObject({ active: false, reason: 'ImmediateReset' });
  });

  test('TC_C_37_CSMS, TC_C_38_CSMS: ClearCache accepted and rejected', async () => {
    const chargePoint = await booted();
    for (const status of ['Accepted', 'Rejected'] as const) {
      await commandIsAnswered(csms, chargePoint, 'ClearCache', {}, { status });
    }
  });

  test('TC_F_01_CSMS: RequestStartTransaction with the chosen token leads to its transaction', async () => {
    const chargePoint = await booted();
    const idToken = await newToken(csms);
    await report(chargePoint, 'Occupied');
    const payload = { remoteStartId: 77, evseId: 1, idToken: { idToken, type: 'ISO14443' as const } };
    await commandIsAnswered(csms, chargePoint, 'RequestStartTransaction', payload, { status: 'Accepted' });
    const call = { eventType: 'Started' as const, triggerReason: 'RemoteStart' as const, timestamp: now(), seqNo: 0 };
    const transactionInfo = { transactionId: randomUUID(), remoteStartId: 77 };
    const { idTokenInfo } = await chargePoint.call('TransactionEvent', {
      ...call,
      transactionInfo,
      idToken: payload.idToken,
      evse: { id: 1 },
    });
    expect(idTokenInfo?.status).toBe('Accepted');
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({
      active: true,
      idToken,
      remoteStart: { remoteStartId: 77 },
    });
  });

  test('TC_F_20_CSMS, TC_F_27_CSMS: TriggerMessage accepted and not implemented', async () => {
    const chargePoint = await booted();
    await commandIsAnswered(
      csms,
      chargePoint,
      'TriggerMessage',
      { requestedMessage: 'Heartbeat' },
      { status: 'Accepted' },
    );
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
    await commandIsAnswered(
      csms,
      chargePoint,
      'TriggerMessage',
      { requestedMessage: 'Heartbeat' },
      { status: 'NotImplemented' },
    );
  });

  test('TC_K_15_CSMS: SetChargingProfile answered with a CALLERROR is shown and survived', async () => {
    const chargePoint = await booted();
    chargePoint.onCall('SetChargingProfile', () => {
      throw new CallError('NotSupported', 'no smart charging here');
    });
    const chargingSchedule = [
      { id: 1, chargingRateUnit: 'A' as const, chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] },
    ];
    const chargingProfile = {
      id: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule,
    };
    const path = `/device-manager/charge-points/${chargePoint.networkId}/commands/SetChargingProfile`;
    const result = await csms.api.post(path, { evseId: 1, chargingProfile });
    expect(result).toMatchObject({
      status: 'rejected',
      error: { code: 'NotSupported', description: 'no smart charging here' },
    });
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('TC_P_02_CSMS: DataTransfer of an unknown vendor', async () => {
    const { status } = await (await booted()).call('DataTransfer', { vendorId: 'com.example.nobody' });
    expect(['UnknownVendorId', 'UnknownMessageId', 'Rejected']).toContain(status);
  });

  test('TC_P_03_CSMS: customData in any message is accepted', async () => {
    const chargePoint = await booted();
    const customData = { vendorId: 'com.example', anything: [1, { two: 3 }] };
    expect(await chargePoint.call('Heartbeat', { customData })).toHaveProperty('currentTime');
    const [logged] = await messagesOf(csms, chargePoint, '&messageType=Heartbeat&direction=2');
    expect(logged?.deviations ?? []).toEqual([]);
  });
});

test('ocpp2.1: a SEND is taken without an answer and is in the log', async () => {
  const chargePoint = await newChargePoint(csms, { protocol: 'ocpp2.1' });
  await boot(chargePoint);
  chargePoint.send('NotifyPeriodicEventStream', { id: 1, pending: 0, basetime: now(), data: [{ t: 0, v: '17' }] });
  expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  await expect
    .poll(async () => (await messagesOf(csms, chargePoint)).filter(({ body }) => body.direction === 6))
    .toHaveLength(1);
  const frames = chargePoint.transcript.filter(
    ({ from, text }) => from === 'csms' && text.includes('NotifyPeriodicEventStream'),
  );
  expect(frames).toEqual([]);
});

test('ocpp2.1 is preferred by the order of the charge point, not by ours', async () => {
  const chargePoint = await newChargePoint(csms, {
    protocol: 'ocpp2.0.1',
    subprotocols: ['ocpp2.0.1', 'ocpp2.1', 'ocpp1.6'],
  });
  expect(chargePoint.agreedProtocol).toBe('ocpp2.0.1');
});
