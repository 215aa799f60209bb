import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAllInOne } from '@ocpp-csms/all-in-one';
import { type DeepPartial, defaultSettings, type Settings } from '@ocpp-csms/config';
import { type Clock, createLeveledLog } from '@ocpp-csms/runtime';
import { createApi } from '@ocpp-csms/testing';
import { readAdminKey } from './admin-key.ts';
import type { Csms } from './running-csms.ts';

export interface StartOptions {
  settings?: DeepPartial<Settings>;
  clock?: Clock;
}

/** What tests want otherwise than users: a free port of this machine, no log files, no waiting for the disk (the fault suite does), no limits on how fast they are. */
function testSettings(dataDir: string, overrides: DeepPartial<Settings>): Settings {
  const settings = defaultSettings();
  const base: DeepPartial<Settings> = {
    node: { name: 'e2e' },
    data: { dir: dataDir },
    http: { host: '127.0.0.1', port: 0, requestsPerMinute: 1_000_000 },
    log: { dir: '', level: 'debug', pretty: 'never' },
    storage: { synchronous: 'normal' },
    auth: { failuresPerMinutePerAddress: 100_000, reconnectsPerMinute: 10_000 },
  };
  for (const part of [base, overrides]) mergeSections(settings, part);
  return settings;
}

function mergeSections(settings: Settings, part: DeepPartial<Settings>): void {
  for (const [section, values] of Object.entries(part)) Object.assign(settings[section as keyof Settings], values);
}

/** The four services in this process, on a free port, with their data in a temporary folder. */
export async function startCsms({ settings: overrides = {}, clock }: StartOptions = {}): Promise<Csms> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-e2e-'));
  const settings = testSettings(dataDir, overrides);
  const logLines: string[] = [];
  const { log, levels } = createLeveledLog({
    service: 'e2e',
    settings: settings.log,
    destination: { write: (line) => logLines.push(line) },
  });

  async function run() {
    const system = await createAllInOne({ settings, log, levels, ...(clock === undefined ? {} : { clock }) });
    const { port } = await system.start();
    return { system, port };
  }

  let running = await run();
  let key = await readAdminKey(dataDir);
  return {
    dataDir,
    logLines,
    get port() {
      return running.port;
    },
    get httpUrl() {
      return `http://127.0.0.1:${running.port}`;
    },
    get wsUrl() {
      return `ws://127.0.0.1:${running.port}/ocpp`;
    },
    get api() {
      return createApi({ url: `http://127.0.0.1:${running.port}`, key });
    },
    async restart() {
      await running.system.stop();
      running = await run();
      key = await readAdminKey(dataDir);
    },
    async stop() {
      await running.system.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
