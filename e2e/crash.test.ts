import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareWithExport } from './src/ledger.ts';
import { type LoadedChargePoint, loadWith } from './src/load.ts';
import { newToken, register } from './src/registry.ts';
import { freePort, type SpawnedCsms, spawnCsms } from './src/spawn-csms.ts';

const rounds = Number(process.env.CRASH_ROUNDS ?? 12);
const chargePointsOfEachVersion = 2;

let dataDir: string;
let port: number;
let csms: SpawnedCsms;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-crash-'));
  port = await freePort();
  csms = await spawnCsms({ dataDir, port });
});

afterAll(async () => {
  await csms.kill();
  await rm(dataDir, { recursive: true, force: true });
});

test(
  `killed ${rounds} times under load: everything that was answered is in the log and in the ledger, once`,
  async () => {
    const fleet = await startFleet();
    for (let round = 0; round < rounds; round++) {
      await sleep(randomInt(50, 600));
      await csms.kill();
      csms = await spawnCsms({ dataDir, port });
    }
    await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
    // Somebody was charging in every life of the process, else nothing was proven.
    expect(fleet.flatMap(({ transactions }) => transactions).length).toBeGreaterThan(rounds);
    await consumersCaughtUp();

    const { problems, answered } = await compareWithExport(csms, fleet);
    expect(problems).toEqual([]);
    expect(answered).toBeGreaterThan(0);
  },
  60_000 + rounds * 8000,
);

async function startFleet(): Promise<LoadedChargePoint[]> {
  const fleet: LoadedChargePoint[] = [];
  for (const protocol of ['ocpp1.6', 'ocpp2.0.1'] as const) {
    for (let each = 0; each < chargePointsOfEachVersion; each++) {
      const { networkId } = await register(csms);
      fleet.push(loadWith({ url: csms.wsUrl, networkId, idToken: await newToken(csms), protocol }));
    }
  }
  return fleet;
}

/** What csms-server answers is in the log before; in one process so is everything else, but a moment does no harm. */
async function consumersCaughtUp(): Promise<void> {
  await until('the system is ready', async () => (await fetch(`${csms.httpUrl}/health/ready`)).status === 200);
}
