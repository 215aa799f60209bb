import { type DeepPartial, loadSettings, type Settings } from '@ocpp-csms/config';

const open: DeepPartial<Settings> = {
  csmsServer: { compression: false, adoptUnknown: true, upgradesPerSecond: 10_000 },
  auth: { reconnectsPerMinute: 10_000 },
  session: { acceptAllTokens: true },
};

/** The defaults on a free port of this machine alone, with data in this folder. */
export function benchSettings(dir: string, isOpen = false): Settings {
  const overrides = {
    data: { dir },
    http: { host: '127.0.0.1', port: 0, requestsPerMinute: 10_000_000 },
    log: { dir: '', level: 'error' },
    ...(isOpen ? open : {}),
  } as const;
  return loadSettings({ env: {}, cwd: dir, overrides }).settings;
}
