import { defaultSettings, loadSettings, type Settings } from '@ocpp-csms/config';
import { expect, test } from 'vitest';
import { cloudRunWarnings, nameNodeOnCloudRun } from './cloud-run.ts';

const withDefaults = (change: (settings: Settings) => void): Settings => {
  const settings = defaultSettings();
  change(settings);
  return settings;
};

test('with the defaults: everything would be lost, and it says what to set', () => {
  const sentences = cloudRunWarnings(defaultSettings());
  expect(sentences[0]).toMatch(/^EVERYTHING WILL BE LOST: .*Set storage\.driver to postgresql/);
  expect(sentences).toHaveLength(3);
});

test('journals on a disk that is memory are no journals', () => {
  const settings = withDefaults(({ bus }) => {
    bus.driver = 'zeromq';
  });
  expect(cloudRunWarnings(settings).join()).toContain('Messages will be lost');
});

test('set up as documented, there is nothing to say', () => {
  const settings = withDefaults(({ storage, bus, http, log }) => {
    storage.driver = 'postgresql';
    bus.driver = 'gcp-pubsub';
    http.apiKeys = [{ name: 'me', role: 'admin', key: 'x'.repeat(32) }];
    log.dir = '';
  });
  expect(cloudRunWarnings(settings)).toEqual([]);
});

test('PORT is where Cloud Run sends requests; anywhere else it is not ours', () => {
  const portWith = (env: NodeJS.ProcessEnv) => loadSettings({ env, cwd: '/nowhere' }).settings.http.port;
  expect(portWith({ K_SERVICE: 'csms', PORT: '9000' })).toBe(9000);
  expect(portWith({ PORT: '9000' })).toBe(8080);
  expect(portWith({ K_SERVICE: 'csms' })).toBe(8080);
  expect(portWith({ K_SERVICE: 'csms', PORT: '9000', CSMS_HTTP_PORT: '8001' })).toBe(8001);
  expect(() => portWith({ K_SERVICE: 'csms', PORT: 'x' })).toThrow(/from PORT/);
});

test('instances, whose host name is the same, get names of their own', () => {
  const nameWith = (env: NodeJS.ProcessEnv, name = ''): string => {
    const settings = withDefaults(({ node }) => {
      node.name = name;
    });
    nameNodeOnCloudRun(settings, env, () => '0199a0b1-0000-7000-8000-00001234abcd');
    return settings.node.name;
  };
  expect(nameWith({ K_SERVICE: 'csms', K_REVISION: 'csms-00007-xyz' })).toBe('csms-00007-xyz-1234abcd');
  expect(nameWith({ K_SERVICE: 'csms' }, 'mine')).toBe('mine');
  expect(nameWith({})).toBe('');
});
