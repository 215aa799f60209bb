import { execSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { UpgradeRefused } from '@ocpp-csms/testing';
import type { Witness } from '../src/ledger.ts';
import { register } from '../src/registry.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import { shapes } from '../src/shapes.ts';
import { joined, now, say } from './charge-point.ts';
import type { Fault } from './fault.ts';
import { compare, count, ledgerFigures, seconds, shortened } from './scene.ts';
import { withVictim } from './victim.ts';

const allAnsweredWithinMs = 60_000;
/** As charge points do, it gives a handshake up that is not answered, and tries again. */
const patienceMs = 15_000;

export const reconnectStorm: Fault = {
  name: 'reconnect storm',
  does: '10,000 charge points (the short form: 200) come back at the same moment after a restart, with HTTP Basic, without jitter; each boots and reports three statuses.',
  holdsWhen: `all are answered within ${allAnsweredWithinMs / 1000} s, and every answered CALL is in the log once`,
  shapes: shapes,
  wantsItsOwn: true,
  run: (run) =>
    withVictim(run, { env: { CSMS_AUTH_RECONNECTS_PER_MINUTE: '30' } }, async (victim) => {
      const { isLong, say: tell } = run;
      const { size, standIn } = stormSize(isLong ? 10_000 : 200);
      const ids = await registerAll(victim.csms, size);
      tell(`${count(size)} registered`);
      await victim.crash();
      const startedAt = performance.now();
      const arrivals = await Promise.all(ids.map((networkId) => arrive(victim.csms.wsUrl, networkId)));
      const tookMs = performance.now() - startedAt;
      const comparison = await compare(run, victim.csms, arrivals);
      await Promise.all(arrivals.map(({ drop }) => drop()));
      const refusals = arrivals.reduce((sum, arrival) => sum + arrival.refusals, 0);
      const late = tookMs > allAnsweredWithinMs ? [`it took ${seconds(tookMs)}`] : [];
      return {
        problems: shortened([...late, ...comparison.problems]),
        figures: [
          `${count(size)} charge points answered within ${seconds(tookMs)}`,
          `${count(refusals)} times told to come again, or not heard`,
          ...ledgerFigures(comparison).slice(0, 1),
        ],
        ...(standIn === undefined ? {} : { standIn }),
      };
    }),
};

/** Each connection is a file of both processes. */
function stormSize(wanted: number): { size: number; standIn?: string } {
  const limit = process.platform === 'win32' ? wanted * 2 : openFiles();
  if (wanted + 500 <= limit) return { size: wanted };
  return { size: limit - 500, standIn: `a process may have ${count(limit)} open files here (ulimit -n)` };
}

function openFiles(): number {
  const limit = Number(execSync('ulimit -n', { encoding: 'utf8' }));
  return Number.isFinite(limit) ? limit : Number.POSITIVE_INFINITY;
}

async function registerAll(csms: RunningCsms, size: number): Promise<string[]> {
  const ids: string[] = [];
  let left = size;
  const worker = async () => {
    while (left-- > 0) ids.push((await register(csms)).networkId);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return ids;
}

interface Arrival extends Witness {
  /** How often it was told to come again. */
  refusals: number;
  drop(): Promise<unknown>;
}

/** Knocks until it is let in, and says what a charge point says first. */
async function arrive(url: string, networkId: string): Promise<Arrival> {
  for (let refusals = 0; ; refusals++) {
    try {
      const chargePoint = await joined({ url, networkId, timeoutMs: patienceMs });
      for (const connectorId of [0, 1, 2]) {
        const status = { connectorId, errorCode: 'NoError', status: 'Available', timestamp: now() };
        await say(chargePoint, 'StatusNotification', status);
      }
      return { networkId, answered: chargePoint.answered, transactions: [], refusals, drop: () => chargePoint.drop() };
    } catch (error) {
      await sleep(comeAgainAfterMs(error));
    }
  }
}

/** Told to come again, or not heard: more than the system keeps in its queue came at once. Throws what is neither. */
function comeAgainAfterMs(error: unknown): number {
  if (error instanceof UpgradeRefused && error.status === 503) return Number(error.headers['retry-after'] ?? 1) * 1000;
  if (error instanceof Error && error.message === 'Opening handshake has timed out') return 0;
  throw error;
}
