import { CallError } from '@ocpp-csms/testing';
import { describe, expect, test } from 'vitest';
import { boot as boot16 } from './src/charge-1.6.ts';
import { boot as boot2, versions2 } from './src/charge-2.ts';
import { command, commandIsAnswered, connect, newToken, register } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

const csms = shareCsms();

const bootOf = {
  'ocpp1.6': { chargePointVendor: 'Acme', chargePointModel: 'One' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Acme', model: 'Two' } },
  'ocpp2.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Acme', model: 'Two' } },
};
const authorizeOf = (idToken: string) => ({
  'ocpp1.6': { idTag: idToken },
  'ocpp2.0.1': { idToken: { idToken, type: 'ISO14443' } },
  'ocpp2.1': { idToken: { idToken, type: 'ISO14443' } },
});

const setRegistration = (networkId: string, registration: string) =>
  csms.api.patch(`/device-manager/charge-points/${networkId}`, { registration });

describe.each(['ocpp1.6', ...versions2] as const)('%s', (protocol) => {
  async function bootsAs(registration: 'Pending' | 'Rejected') {
    const { networkId } = await register(csms, { registration });
    const chargePoint = await connect(csms, { networkId, protocol });
    const answer = await chargePoint.callAs('boot-1', 'BootNotification', bootOf[protocol]);
    expect(answer).toMatchObject({ status: registration, interval: expect.any(Number) });
    return chargePoint;
  }

  test.each(['Pending', 'Rejected'] as const)(
    'TC_B_30_CSMS: while %s any other CALL gets SecurityError',
    async (registration) => {
      const chargePoint = await bootsAs(registration);
      const error = await chargePoint
        .callAs('early', 'Authorize', authorizeOf(await newToken(csms))[protocol])
        .catch((reason) => reason);
      expect(error).toBeInstanceOf(CallError);
      expect((error as CallError).code).toBe('SecurityError');
    },
  );

  test('TC_B_02_CSMS: Pending first, Accepted at the next boot, and it stays so over a reconnection', async () => {
    const chargePoint = await bootsAs('Pending');
    await setRegistration(chargePoint.networkId, 'Accepted');
    expect(await chargePoint.callAs('boot-2', 'BootNotification', bootOf[protocol])).toMatchObject({
      status: 'Accepted',
    });
    await chargePoint.drop();
    const again = await connect(csms, { networkId: chargePoint.networkId, protocol });
    expect(await again.callAs('beat', 'Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('TC_B_31_CSMS: while Pending a BootNotification can be triggered, and a remote start can not be sent', async () => {
    const chargePoint = await bootsAs('Pending');
    await commandIsAnswered(
      csms,
      chargePoint,
      'TriggerMessage',
      { requestedMessage: 'BootNotification' },
      { status: 'Accepted' },
    );
    expect(await chargePoint.callAs('boot-2', 'BootNotification', bootOf[protocol])).toMatchObject({
      status: 'Pending',
    });
    const idToken = await newToken(csms);
    const [action, payload] =
      protocol === 'ocpp1.6'
        ? ['RemoteStartTransaction', { idTag: idToken }]
        : ['RequestStartTransaction', { remoteStartId: 1, idToken: { idToken, type: 'ISO14443' } }];
    await expect(command(csms, chargePoint, action, payload)).rejects.toMatchObject({ status: 409 });
    expect(chargePoint.received.map((call) => call.action)).toEqual(['TriggerMessage']);
  });

  test('while Rejected nothing is sent', async () => {
    const chargePoint = await bootsAs('Rejected');
    await expect(
      command(csms, chargePoint, 'TriggerMessage', { requestedMessage: 'BootNotification' }),
    ).rejects.toMatchObject({ status: 409 });
    expect(chargePoint.received).toEqual([]);
  });
});

describe('row 14: a template whose setting asks for a reboot makes no boot loop', () => {
  const template = (settings: object[]) =>
    csms.api.post<{ templateId: string }>('/device-manager/templates', { name: `loop ${Math.random()}`, settings });

  test('ocpp1.6: read before written, and what caused a reboot is not written again', async () => {
    const { templateId } = await template([
      { key: 'MeterValueSampleInterval', value: '30' },
      { key: 'HeartbeatInterval', value: '300' },
    ]);
    const { networkId } = await register(csms, { templateId });
    const written: string[] = [];
    for (let life = 0; life < 3; life++) {
      const chargePoint = await connect(csms, { networkId });
      chargePoint.onCall('GetConfiguration', () => ({
        configurationKey: [
          { key: 'MeterValueSampleInterval', readonly: false, value: '60' },
          { key: 'HeartbeatInterval', readonly: false, value: '300' },
        ],
      }));
      chargePoint.onCall('ChangeConfiguration', ({ key }) => {
        written.push(`${life} ${key}`);
        return { status: 'RebootRequired' };
      });
      await boot16(chargePoint);
      await chargePoint.nextCall('GetConfiguration');
      const path = `/device-manager/charge-points/${networkId}/template-job`;
      await expect.poll(async () => (await csms.api.get(path)).status, { timeout: 5000 }).toBe('done');
      await chargePoint.drop();
    }
    expect(written).toEqual(['0 MeterValueSampleInterval']);
  });

  test('ocpp2.0.1: the same with variables', async () => {
    const variable = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'OfflineThreshold' } };
    const { templateId } = await template([{ ...variable, value: '600' }]);
    const { networkId } = await register(csms, { templateId });
    let written = 0;
    for (let life = 0; life < 2; life++) {
      const chargePoint = await connect(csms, { networkId, protocol: 'ocpp2.0.1' });
      chargePoint.onCall('GetVariables', () => ({
        getVariableResult: [{ ...variable, attributeStatus: 'Accepted', attributeValue: '60' }],
      }));
      chargePoint.onCall('SetVariables', () => {
        written++;
        return { setVariableResult: [{ ...variable, attributeStatus: 'RebootRequired' }] };
      });
      await boot2(chargePoint);
      await chargePoint.nextCall('GetVariables');
      const path = `/device-manager/charge-points/${networkId}/template-job`;
      await expect.poll(async () => (await csms.api.get(path)).status, { timeout: 5000 }).toBe('done');
      await chargePoint.drop();
    }
    expect(written).toBe(1);
  });
});
