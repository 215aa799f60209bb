import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { spawnCsms } from './src/spawn-csms.ts';

test('a start on Cloud Run with SQLite warns that nothing will be kept', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-cloud-run-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const csms = await spawnCsms({ dataDir, port: await freePort(), env: { K_SERVICE: 'csms' } });
  onTestFinished(() => csms.kill());
  const [first = ''] = csms.logLines.filter((line) => line.includes('EVERYTHING WILL BE LOST'));
  expect(first).toContain(`What SQLite keeps in ${dataDir}`);
  expect(first).toContain('docs/operations/cloud-run.md');
  expect(await csms.terminate()).toBe(0);
});
