import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boot, charge, startTransaction } from './src/charge-1.6.ts';
import { connect, messagesOf, newToken, onlyTransaction, register } from './src/scenes.ts';
import { type SpawnedCsms, spawnCsms } from './src/spawn-csms.ts';

let dataDir: string;
let csms: SpawnedCsms;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-full-'));
  csms = await spawnCsms({
    dataDir,
    port: await freePort(),
    env: { CSMS_CSMS_SERVER_STORE_RETRY_SECONDS: '1', CSMS_BUS_PUBLISH_DEADLINE_SECONDS: '3' },
  });
});

afterAll(async () => {
  await csms.kill();
  await rm(dataDir, { recursive: true, force: true });
});

/** From now on the process can't make any file longer than this: to SQLite, as if the disk were full. */
function limitFiles(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(csms.process.pid), `--fsize=${bytes}:unlimited`]);
}

async function sizeOf(name: string): Promise<number> {
  return (await stat(join(dataDir, name))).size;
}

test('the disk is full: sockets are closed with 1013, upgrades get 503, nobody gets a CALLERROR, and it recovers by itself', async () => {
  const idTag = await newToken(csms);
  const { networkId } = await register(csms);
  const chargePoint = await connect(csms, { networkId });
  await boot(chargePoint);
  const transactionId = await charge(chargePoint, idTag);
  expect(await sizeOf('message-manager.sqlite-wal')).toBeGreaterThan(4096);

  limitFiles(4096);
  const unanswered = [
    chargePoint.callAs('full-1', 'Heartbeat', {}),
    chargePoint.callAs('full-2', 'StopTransaction', {
      transactionId,
      meterStop: 6000,
      timestamp: new Date().toISOString(),
    }),
  ].map((call) =>
    call.then(
      () => 'answered',
      (error: Error) => error.name,
    ),
  );
  expect((await chargePoint.closed).code).toBe(1013);
  expect(await Promise.all(unanswered)).toEqual(['Error', 'Error']);
  expect(chargePoint.answered.filter(({ answer }) => !answer.ok)).toEqual([]);
  await until('upgrades are refused', async () => {
    const refusal = await connect(csms, { networkId }).then(
      (again) => again.drop(),
      (error: { status?: number }) => error,
    );
    return 'status' in refusal && refusal.status === 503;
  });
  expect((await fetch(`${csms.httpUrl}/health/ready`)).status).toBe(503);
  expect((await fetch(`${csms.httpUrl}/health/live`)).status).toBe(200);

  limitFiles('unlimited');
  const again = await until('it lets charge points in again', () => connect(csms, { networkId }), {
    timeoutMs: 20_000,
    everyMs: 200,
  });
  const stop = { transactionId, meterStop: 6000, timestamp: new Date().toISOString() };
  await again.callAs('after-1', 'StopTransaction', stop);
  expect(await onlyTransaction(csms, again)).toMatchObject({ active: false, energyWh: 5000 });
  expect((await startTransaction(again, idTag, { meterStart: 6000 })).status).toBe('Accepted');
  const logged = (await messagesOf(csms, again)).map(({ body }) => body.msgId);
  for (const { msgId } of [...chargePoint.answered, ...again.answered]) expect(logged).toContain(msgId);
  expect((await fetch(`${csms.httpUrl}/health/ready`)).status).toBe(200);
}, 60_000);
