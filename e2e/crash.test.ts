import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LoadedChargePoint, loadWith, type SeenTransaction } from './src/load.ts';
import { type LedgerEntry, type LoggedMessage, newToken, register } from './src/scenes.ts';
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

    const log = await exported<LoggedMessage>('/message-manager/messages/export');
    const ledger = await exported<LedgerEntry>('/session/transactions/export');
    expect(duplicatesOf(log.map(({ id }) => id)), 'envelope ids that are in the log twice').toEqual([]);
    for (const chargePoint of fleet) {
      expectLogged(chargePoint, log);
      expectInLedger(chargePoint, ledger);
    }
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

async function exported<Item>(path: string): Promise<Item[]> {
  const { status, body } = await csms.api.request('GET', path);
  expect(status).toBe(200);
  return String(body)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function expectLogged({ networkId, answered }: LoadedChargePoint, log: readonly LoggedMessage[]): void {
  const calls = log.filter(
    ({ client, origin, body }) => client === networkId && origin === 'client' && body.direction === 2,
  );
  const timesLogged = Map.groupBy(calls, ({ body }) => body.msgId);
  const wrong = answered
    .map(({ msgId, action }) => ({ msgId, action, times: timesLogged.get(msgId)?.length ?? 0 }))
    .filter(({ times }) => times !== 1);
  expect(answered.length).toBeGreaterThan(0);
  expect(wrong, `${networkId}: answered CALLs that are not in the log exactly once`).toEqual([]);
}

function expectInLedger({ networkId, transactions }: LoadedChargePoint, ledger: readonly LedgerEntry[]): void {
  const own = ledger.filter((entry) => entry.networkId === networkId);
  expect(duplicatesOf(transactions.map(({ transactionId }) => transactionId)), 'ids given twice').toEqual([]);
  const shown = (entries: readonly SeenTransaction[]) =>
    entries.map(({ transactionId, energyWh }) => `${transactionId}: ${energyWh} Wh`).sort();
  const inLedger = own.map(({ transactionId, energyWh }) => ({
    transactionId: String(transactionId),
    energyWh: energyWh ?? -1,
  }));
  expect(shown(inLedger), `${networkId}: its ledger`).toEqual(shown(transactions));
  expect(
    own.filter(({ active, disputed }) => active || disputed),
    `${networkId}: open or disputed`,
  ).toEqual([]);
}

function duplicatesOf(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}
