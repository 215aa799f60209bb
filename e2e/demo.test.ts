import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, freePort, until } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { readAdminKey } from './src/admin-key.ts';
import { spawnCsms } from './src/spawn-csms.ts';

const fleet = 12;

interface Count {
  chargePoints: number;
  connected: number;
}

test('a demo is started beside the system, keeps its data apart, and ends with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'csms-demo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const csms = await spawnCsms({ dataDir, port: await freePort() });
  onTestFinished(() => csms.kill());
  expect(await csms.api.get('/demo')).toEqual({ offered: true });

  const opened = new URL((await csms.api.post<{ url: string }>('/demo', {})).url);
  expect(opened.pathname).toBe('/sign-in');
  expect(Number(opened.port)).not.toBe(csms.port);
  const signIn = (code: string) =>
    fetch(new URL('/login', opened), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
  expect((await signIn(opened.hash.slice(1))).status).toBe(200);

  const demo = createApi({ url: opened.origin, key: await readAdminKey(`${dataDir}-demo`) });
  await until('the fleet is connected', async () => {
    const { connected } = await demo.get<Count>('/device-manager/summary');
    return connected === fleet;
  });
  expect(await demo.get('/demo')).toEqual({ offered: false });
  expect(await csms.api.get<Count>('/device-manager/summary')).toMatchObject({ chargePoints: 0, connected: 0 });

  const again = new URL((await csms.api.post<{ url: string }>('/demo', {})).url);
  expect(again.origin).toBe(opened.origin);
  expect((await signIn(again.hash.slice(1))).status).toBe(200);

  expect(await csms.terminate()).toBe(0);
  await expect(fetch(opened.origin)).rejects.toThrow();
});

test('a demo is not offered to who asks from another machine', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'csms-demo-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const csms = await spawnCsms({ dataDir, port: await freePort() });
  onTestFinished(() => csms.kill());
  const headers = { authorization: `Bearer ${await readAdminKey(dataDir)}`, 'x-forwarded-for': '192.0.2.7' };
  const offer = await fetch(`${csms.httpUrl}/demo`, { headers });
  expect(await offer.json()).toEqual({ offered: false });
  const refused = await fetch(`${csms.httpUrl}/demo`, { method: 'POST', headers });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('npm start -- --demo') });
});

test('a demo writes to no server that the settings name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'csms-demo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const nobody = `127.0.0.1:${await freePort()}`;
  const env = {
    CSMS_STORAGE_DRIVER: 'postgresql',
    CSMS_POSTGRESQL_URL: `postgresql://${nobody}/csms`,
    CSMS_BUS_DRIVER: 'redis',
    CSMS_CACHE_DRIVER: 'redis',
    CSMS_REDIS_URL: `redis://${nobody}`,
    CSMS_DATA_DIR: join(folder, 'data'),
  };
  const dataDir = join(folder, 'data-demo');
  await mkdir(dataDir);
  // Of those servers there is none: a demo that needed one would not be ready.
  const demo = await spawnCsms({ dataDir, port: await freePort(), args: ['--demo'], env });
  onTestFinished(() => demo.kill());
  expect(await readdir(dataDir)).toContain('session.sqlite');
  expect(await demo.terminate()).toBe(0);
});
