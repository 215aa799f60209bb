import { describe, expect, it } from 'vitest';
import { redact, redactUnread } from './index.ts';

describe('redact', () => {
  it('hides the authorization key of 1.6, set or read', () => {
    expect(redact('ChangeConfiguration', { key: 'AuthorizationKey', value: '00112233' })).toEqual({
      key: 'AuthorizationKey',
      value: '***',
    });
    const configurationKey = [
      { key: 'HeartbeatInterval', readonly: false, value: '300' },
      { key: 'authorizationKey', readonly: false, value: '0011' },
    ];
    expect(redact('GetConfiguration', { configurationKey })).toEqual({
      configurationKey: [configurationKey[0], { key: 'authorizationKey', readonly: false, value: '***' }],
    });
  });

  it('hides BasicAuthPassword of 2.x wherever it shows', () => {
    const variable = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
    expect(redact('SetVariables', { setVariableData: [{ ...variable, attributeValue: 'pw' }] })).toEqual({
      setVariableData: [{ ...variable, attributeValue: '***' }],
    });
    expect(redact('GetVariables', { getVariableResult: [{ ...variable, attributeValue: 'pw' }] })).toEqual({
      getVariableResult: [{ ...variable, attributeValue: '***' }],
    });
    const attributes = [{ type: 'Actual', value: 'pw' }, { mutability: 'WriteOnly' }];
    expect(redact('NotifyReport', { reportData: [{ ...variable, variableAttribute: attributes }] })).toEqual({
      reportData: [{ ...variable, variableAttribute: [{ type: 'Actual', value: '***' }, attributes[1]] }],
    });
  });

  it('hides the passwords and keys of a network profile', () => {
    const connectionData = {
      ocppCsmsUrl: 'wss://csms.example',
      basicAuthPassword: 'a',
      apn: { apn: 'internet', apnPassword: 'b', simPin: 1234 },
      vpn: { user: 'u', password: 'c', key: 'd' },
    };
    expect(redact('SetNetworkProfile', { configurationSlot: 1, connectionData })).toEqual({
      configurationSlot: 1,
      connectionData: {
        ocppCsmsUrl: 'wss://csms.example',
        basicAuthPassword: '***',
        apn: { apn: 'internet', apnPassword: '***', simPin: '***' },
        vpn: { user: 'u', password: '***', key: '***' },
      },
    });
  });

  it('hides the password of a URL', () => {
    expect(redact('GetDiagnostics', { location: 'ftp://user:p@ss@host/x' })).toEqual({
      location: 'ftp://user:***@host/x',
    });
    expect(redact('GetLog', { log: { remoteLocation: 'sftp://u:p@h' } })).toEqual({
      log: { remoteLocation: 'sftp://u:***@h' },
    });
    expect(redact('UpdateFirmware', { location: 'https://host/a:b@c' })).toEqual({ location: 'https://host/a:b@c' });
  });

  it('hides it whatever the case of the members, since they are read so', () => {
    const written = JSON.stringify([
      redact('GetConfiguration', { configurationKey: [{ Key: 'AuthorizationKey', Value: 'swordfish' }] }),
      redact('NotifyReport', {
        reportData: [{ Variable: { Name: 'BasicAuthPassword' }, VariableAttribute: [{ Value: 'swordfish' }] }],
      }),
    ]);
    expect(written).not.toContain('swordfish');
  });

  it('hides it under an action that nobody knows, and in what vendors send', () => {
    const written = JSON.stringify([
      redact('getconfiguration', { configurationKey: [{ key: 'AuthorizationKey', value: 'swordfish' }] }),
      redact('DataTransfer', { vendorId: 'x', data: '{"wifiPassword": "swordfish"}' }),
      redact('DataTransfer', { vendorId: 'x', data: { wifiPassword: 'swordfish' } }),
    ]);
    expect(written).not.toContain('swordfish');
  });

  it('keeps nothing of a frame that could not be read and names a secret', () => {
    expect(redactUnread('[3,"1",{"value":"swordfish","key":"AuthorizationKey",}]')).not.toContain('swordfish');
    expect(redactUnread('[3,"1",{"location":"ftp://u:swordfish@host",}]')).not.toContain('swordfish');
    expect(redactUnread('[2,"1","MeterValues",{]')).toBe('[2,"1","MeterValues",{]');
  });

  it('returns the payload itself when there is nothing to hide', () => {
    const payloads = [{ key: 'HeartbeatInterval', value: '300' }, { location: 'https://host/x' }, null, 'text', []];
    for (const payload of payloads) expect(redact('ChangeConfiguration', payload)).toBe(payload);
    const heartbeat = {};
    expect(redact('Heartbeat', heartbeat)).toBe(heartbeat);
  });
});
