import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, StartupError } from '@ocpp-csms/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApiKeys } from './api-keys.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'csms-keys-')), 'data');
});
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

it('the first start makes an admin key that only the owner can read; later starts use it', async () => {
  const first = await createApiKeys({ dataDir, configured: [] });
  expect(first.createdAdminKey).toMatch(/^csms_[A-Za-z0-9_-]{43}$/);
  expect(first.adminKeyFile).toBe(join(dataDir, 'admin.key'));
  expect(statSync(first.adminKeyFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir)).toEqual(['admin.key']);

  const second = await createApiKeys({ dataDir, configured: [] });
  expect(second.createdAdminKey).toBeUndefined();
  expect(second.verify(first.createdAdminKey ?? '')).toEqual({ name: 'admin', role: 'admin' });
});

it('two processes that start together agree on one key', async () => {
  const starts = await Promise.all(Array.from({ length: 5 }, () => createApiKeys({ dataDir, configured: [] })));
  const key = readFileSync(join(dataDir, 'admin.key'), 'utf8').trim();
  expect(starts.filter(({ createdAdminKey }) => createdAdminKey !== undefined)).toHaveLength(1);
  for (const keys of starts) expect(keys.verify(key)?.role).toBe('admin');
});

it('configured keys have their name and role, others nothing', async () => {
  const key = 'a-key-of-the-console-1';
  const keys = await createApiKeys({ dataDir, configured: [{ name: 'console', role: 'operator', key }] });
  expect(keys.verify(key)).toEqual({ name: 'console', role: 'operator' });
  for (const wrong of ['', 'x', `${key}1`, key.slice(1)]) expect(keys.verify(wrong)).toBeUndefined();
});

it('an empty or foreign file is not overwritten: it says what to do', async () => {
  await createApiKeys({ dataDir, configured: [] });
  writeFileSync(join(dataDir, 'admin.key'), '\n');
  await expect(createApiKeys({ dataDir, configured: [] })).rejects.toThrow(StartupError);
  expect(existsSync(join(dataDir, 'admin.key'))).toBe(true);
});

it('warns when others can read the key', async () => {
  const { adminKeyFile } = await createApiKeys({ dataDir, configured: [] });
  chmodSync(adminKeyFile, 0o644);
  const lines: string[] = [];
  const settings = { level: 'info', dir: '', pretty: 'never', maxFileMegabytes: 1, maxFiles: 1 } as const;
  const log = createLog({ service: 'x', settings, destination: { write: (line) => void lines.push(line) } });
  await createApiKeys({ dataDir, configured: [], log });
  expect(lines.join()).toContain(`chmod 600 ${adminKeyFile}`);
});
