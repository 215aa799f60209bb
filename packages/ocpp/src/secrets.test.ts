import { describe, expect, it } from 'vitest';
import { redact } from './index.ts';

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

  it('returns the payload itself when there is nothing to hide', () => {
    const payloads = [{ key: 'HeartbeatInterval', value: '300' }, { location: 'https://host/x' }, null, 'text', []];
    for (const payload of payloads) expect(redact('ChangeConfiguration', payload)).toBe(payload);
    const heartbeat = {};
    expect(redact('Heartbeat', heartbeat)).toBe(heartbeat);
  });
});
