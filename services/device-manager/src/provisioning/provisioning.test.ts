import { describe, expect, test } from 'vitest';
import { testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

describe('boots', () => {
  test('are kept, no more than deviceManager.bootHistory, the latest first', async () => {
    const dm = await startTestDeviceManager({ settings: { deviceManager: { bootHistory: 3 } } });
    await dm.create('CP001');
    for (let n = 1; n <= 5; n++) await dm.boot('CP001', { firmwareVersion: `1.${n}`, chargePointSerialNumber: 'S1' });
    const { items } = (await dm.rest('GET', '/charge-points/CP001/boots')).body;
    expect(items.map(({ firmwareVersion }: { firmwareVersion: string }) => firmwareVersion)).toEqual([
      '1.5',
      '1.4',
      '1.3',
    ]);
    expect(items[0]).toMatchObject({
      protocol: 'ocpp1.6',
      vendor: 'Vendor',
      model: 'Model',
      serialNumber: 'S1',
      answered: 'Accepted',
      expected: false,
    });
    expect((await dm.rest('GET', '/charge-points/CP001')).body).toMatchObject({
      firmwareVersion: '1.5',
      serialNumber: 'S1',
    });
  });

  test('row 21: what a boot leaves out stays as it was registered', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001', { vendor: 'ABB', serialNumber: 'mine' });
    await dm.boot('CP001', { chargePointVendor: '', chargePointSerialNumber: 'its' });
    await dm.tell('CP001', 'BootNotification', {});
    expect((await dm.rest('GET', '/charge-points/CP001')).body).toMatchObject({
      vendor: 'ABB',
      model: 'Model',
      serialNumber: 'mine',
    });
    expect(await dm.bus.parked.count()).toBe(0);
  });

  test('delivered twice is one; of a charge point that is not registered, none', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const boot = await dm.boot('CP001');
    await dm.bus.publish('MessagesIn', boot);
    await dm.boot('CP002');
    expect((await dm.rest('GET', '/charge-points/CP001/boots')).body.items).toHaveLength(1);
  });

  test('TC_013_CSMS TC_014_CSMS the boot after an accepted Reset is an expected one', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001');
    await dm.command('CP001', 'Reset', { type: 'Hard' });
    await dm.boot('CP001');
    await dm.boot('CP001');
    const { items } = (await dm.rest('GET', '/charge-points/CP001/boots')).body;
    expect(items.map(({ expected }: { expected: boolean }) => expected)).toEqual([false, true]);
  });

  test('2.x tells why', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const chargingStation = {
      vendorName: 'V',
      model: 'M',
      serialNumber: 'S',
      firmwareVersion: '9',
      modem: { iccid: 'I' },
    };
    const answer = { direction: 3 as const, messageTime: '2026-01-01T00:00:00Z', messageBody: { status: 'Pending' } };
    await dm.tell('CP001', 'BootNotification', { reason: 'PowerUp', chargingStation }, { protocol: 'ocpp2.1', answer });
    expect((await dm.rest('GET', '/charge-points/CP001/boots')).body.items[0]).toMatchObject({
      protocol: 'ocpp2.1',
      reason: 'PowerUp',
      iccid: 'I',
      answered: 'Pending',
    });
  });
});

describe('the configuration of 1.6', () => {
  const all = [
    { key: 'HeartbeatInterval', readonly: false, value: '300' },
    { key: 'NumberOfConnectors', readonly: true, value: '2' },
    { key: 'AuthorizationKey', readonly: false, value: 'topsecrettopsecret' },
  ];

  test('TC_019_1_CSMS TC_019_2_CSMS TC_021_CSMS is what it answered last, and what it accepted since', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', ({ action, payload }) => {
      if (action === 'ChangeConfiguration')
        return { response: { status: payload.value === '-1' ? 'Rejected' : 'Accepted' } };
      const keys = payload.key as string[] | undefined;
      return { response: keys ? { configurationKey: [], unknownKey: keys } : { configurationKey: all } };
    });
    const { status, body } = await dm.rest('GET', '/charge-points/CP001/configuration?refresh=true');
    expect(status).toBe(200);
    expect(body.items).toEqual([
      expect.objectContaining({ key: 'AuthorizationKey', value: null, secret: true }),
      expect.objectContaining({ key: 'HeartbeatInterval', value: '300', readOnly: false, source: 'read' }),
      expect.objectContaining({ key: 'NumberOfConnectors', value: '2', readOnly: true, source: 'read' }),
    ]);
    await dm.command('CP001', 'ChangeConfiguration', { key: 'HeartbeatInterval', value: '60' });
    await dm.command('CP001', 'ChangeConfiguration', { key: 'HeartbeatInterval', value: '-1' });
    await dm.command('CP001', 'GetConfiguration', { key: ['NumberOfConnectors'] });
    const later = await dm.rest('GET', '/charge-points/CP001/configuration');
    expect(later.body.items.slice(1)).toEqual([
      expect.objectContaining({ key: 'HeartbeatInterval', value: '60', readOnly: false, source: 'written' }),
    ]);
    expect(later.text).not.toContain('topsecret');
    expect(await dm.databaseText()).not.toContain('topsecrettopsecret');
  });

  test('refresh of a charge point that is away or silent is 409 or 504', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    expect((await dm.rest('GET', '/charge-points/CP001/configuration?refresh=true')).status).toBe(409);
    await dm.connect('CP001', 'ocpp1.6', () => 'silence');
    expect((await dm.rest('GET', '/charge-points/CP001/configuration?refresh=true')).status).toBe(504);
  });

  test('is read after each boot where that is set', async () => {
    const dm = await startTestDeviceManager({ settings: { deviceManager: { readConfigurationOnBoot: true } } });
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp1.6', () => ({ response: { configurationKey: all } }));
    await dm.boot('CP001');
    await expect
      .poll(async () => (await dm.rest('GET', '/charge-points/CP001/configuration')).body.items.length)
      .toBe(3);
  });
});

describe('the configuration of 2.x', () => {
  const variable = (name: string, value: string) => ({
    component: { name: 'OCPPCommCtrlr', customData: { vendorId: 'x' } },
    variable: { name },
    variableAttribute: [
      { value, mutability: 'ReadWrite' },
      { type: 'MaxSet', value: '9' },
    ],
    variableCharacteristics: { dataType: 'integer', supportsMonitoring: false },
  });

  test('TC_B_12 TC_B_13 a report is collected from all its parts', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp2.0.1', ({ payload }) => {
      const part = (seqNo: number, tbc: boolean, reportData: object[]) =>
        dm.tell(
          'CP001',
          'NotifyReport',
          { requestId: payload.requestId, generatedAt: '2026-01-01T00:00:00Z', seqNo, tbc, reportData },
          { protocol: 'ocpp2.0.1' },
        );
      setTimeout(async () => {
        await part(0, true, [variable('OfflineThreshold', '60')]);
        await part(1, false, [variable('HeartbeatInterval', '300')]);
      }, 50);
      return { response: { status: 'Accepted' } };
    });
    const { status, body } = await dm.rest('GET', '/charge-points/CP001/configuration?refresh=true');
    expect(status).toBe(200);
    expect(body.items).toHaveLength(4);
    expect(body.items).toContainEqual(
      expect.objectContaining({
        component: { name: 'OCPPCommCtrlr' },
        variable: { name: 'HeartbeatInterval' },
        attributeType: 'Actual',
        value: '300',
        mutability: 'ReadWrite',
      }),
    );
  });

  test('a report that is refused is 409, one without an end 504', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const answers = ['NotSupported', 'Accepted'];
    await dm.connect('CP001', 'ocpp2.0.1', () => ({ response: { status: answers.shift() } }));
    expect((await dm.rest('GET', '/charge-points/CP001/configuration?refresh=true')).status).toBe(409);
    expect((await dm.rest('GET', '/charge-points/CP001/configuration?refresh=true')).status).toBe(504);
  });

  test('TC_B_06 TC_B_09 variables that were read and set are kept, secrets are not', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const component = { name: 'SecurityCtrlr' };
    const result = (name: string, attributeStatus: string, attributeValue?: string) => ({
      component,
      variable: { name },
      attributeStatus,
      ...(attributeValue === undefined ? {} : { attributeValue }),
    });
    await dm.connect('CP001', 'ocpp2.1', () => ({
      response: {
        getVariableResult: [
          result('Identity', 'Accepted', 'CP001'),
          result('BasicAuthPassword', 'Accepted', 'oh-no-a-password'),
          result('Nothing', 'UnknownVariable'),
        ],
      },
    }));
    await dm.command('CP001', 'GetVariables', { getVariableData: [{ component, variable: { name: 'Identity' } }] });
    const { body } = await dm.rest('GET', '/charge-points/CP001/configuration');
    expect(body.items).toEqual([
      expect.objectContaining({ variable: { name: 'BasicAuthPassword' }, value: null, secret: true }),
      expect.objectContaining({ variable: { name: 'Identity' }, value: 'CP001' }),
    ]);
    expect(await dm.databaseText()).not.toContain('oh-no-a-password');
  });

  test('TC_B_42 a network profile that was accepted is kept, without its passwords', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001', 'ocpp2.0.1');
    const connectionData = {
      ocppVersion: 'OCPP20',
      ocppTransport: 'JSON',
      ocppCsmsUrl: 'wss://csms.example.com',
      messageTimeout: 30,
      securityProfile: 2,
      ocppInterface: 'Wired0',
      vpn: { server: 's', user: 'u', password: 'vpn-password', key: 'vpn-key-text', type: 'IKEv2' },
    };
    expect((await dm.command('CP001', 'SetNetworkProfile', { configurationSlot: 1, connectionData })).status).toBe(200);
    const { body, text } = await dm.rest('GET', '/charge-points/CP001/network-profiles');
    expect(body.items).toEqual([
      expect.objectContaining({
        configurationSlot: 1,
        connectionData: expect.objectContaining({ securityProfile: 2 }),
      }),
    ]);
    expect(text).not.toMatch(/vpn-password|vpn-key-text/);
    expect(await dm.databaseText()).not.toMatch(/vpn-password|vpn-key-text/);
  });
});

test('what holds after a reboot is told so until it has booted', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.connect('CP001', 'ocpp1.6', () => ({ response: { status: 'RebootRequired' } }));
  await dm.command('CP001', 'ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '30' });
  const item = async () => (await dm.rest('GET', '/charge-points/CP001/configuration')).body.items[0];
  await expect.poll(item).toMatchObject({ value: '30', source: 'written', rebootRequired: true });
  await dm.boot('CP001');
  await expect.poll(async () => (await item()).rebootRequired).toBeUndefined();
});
