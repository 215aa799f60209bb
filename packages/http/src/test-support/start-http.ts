import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings, type Settings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { onTestFinished } from 'vitest';
import { createApiKeys } from '../api-keys.ts';
import { createHttp, type Http, type HttpOptions } from '../http.ts';

const apiKeys = (['admin', 'operator', 'read-only'] as const).map((role) => ({
  name: `a ${role}`,
  role,
  key: `key-of-a-${role}-0123456789`,
}));
export const keyOf = (role: string) => `key-of-a-${role}-0123456789`;

export interface Started {
  http: Http;
  url: string;
  lines: string[];
  ask: (path: string, options?: RequestInit & { role?: string }) => Promise<Response>;
}

/** A server of the test's own, with a key of each role. Ends with the test. */
export async function startHttp(
  routes: (http: Http) => void = () => {},
  over: Partial<Settings['http']> = {},
  more: Pick<HttpOptions, 'consoleFolder' | 'clock' | 'changesFile'> = {},
): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'csms-http-'));
  const settings = defaultSettings();
  Object.assign(settings.http, { host: '127.0.0.1', port: 0, apiKeys, ...over });
  const lines: string[] = [];
  const log = createLog({
    service: 'test',
    settings: { ...settings.log, level: 'debug', dir: '', pretty: 'never' },
    destination: { write: (line) => void lines.push(line) },
  });
  const keys = await createApiKeys({ dataDir, configured: settings.http.apiKeys });
  const http = await createHttp({ settings, log, version: '1.2.3', keys, ...more });
  routes(http);
  onTestFinished(async () => {
    await http.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const { port } = await http.listen();
  const url = `http://127.0.0.1:${port}`;
  const ask: Started['ask'] = (path, { role = 'admin', ...options } = {}) =>
    fetch(url + path, { ...options, headers: { authorization: `Bearer ${keyOf(role)}`, ...options.headers } });
  return { http, url, lines, ask };
}
