import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type TestChargePoint, until } from '@ocpp-csms/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { boot, startTransaction } from '../src/charge-1.6.ts';
import { startDaemons } from '../src/daemons.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import { newChargePoint, newToken } from '../src/scenes.ts';
import { enginesOf } from '../src/shapes.ts';
import { spawnCsms } from '../src/spawn-csms.ts';
import { healthOf } from './health-of.ts';

/** As many as are closed in one moment; those beyond come later. */
const inOneMoment = 50;
const drainSeconds = 2;
/** csmsServer.drainSeconds for what is under way, again for closing, and the rest. */
const longestMs = 10_000;

interface Draining {
  csms: RunningCsms;
  /** Of the process that has the sockets. */
  port: number;
  /** SIGTERM to it; resolves with the exit code. */
  end(): Promise<number | null>;
  /** Nobody decides from now on. */
  holdDecisions?(): void;
  decideAgain?(): void;
}

const shapes: Record<'one' | 'zeromq', () => Promise<Draining>> = {
  async one() {
    const dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-drain-'));
    const env = { CSMS_CSMS_SERVER_DRAIN_SECONDS: String(drainSeconds) };
    const csms = await spawnCsms({ dataDir, port: await freePort(), env });
    onTestFinished(async () => {
      await csms.kill();
      await rm(dataDir, { recursive: true, force: true });
    });
    return { csms, port: csms.port, end: () => csms.terminate() };
  },
  async zeromq() {
    const csms = await startDaemons(await enginesOf('zeromq'), { settings: { csmsServer: { drainSeconds } } });
    onTestFinished(() => csms.stop());
    const session = csms.daemon('session');
    const server = csms.daemon('csms-server');
    return {
      csms,
      port: server.port,
      end: () => server.terminate(),
      holdDecisions: () => session.signal('SIGSTOP'),
      decideAgain: () => session.signal('SIGCONT'),
    };
  },
};

describe.each(['one', 'zeromq'] as const)('SIGTERM to a system of %s', (shape) => {
  test('answers what is under way, is not ready, closes with 1001 spread over time, and exits 0', async () => {
    const { csms, port, end, holdDecisions, decideAgain } = await shapes[shape]();
    const idTag = await newToken(csms);
    const chargePoints = await Promise.all(Array.from({ length: 4 * inOneMoment }, () => newChargePoint(csms)));
    const [first] = chargePoints as [TestChargePoint<'ocpp1.6'>];
    await boot(first);
    const started = performance.now();
    const closed = Promise.all(
      chargePoints.map(async ({ closed: closing }) => ({ ...(await closing), atMs: performance.now() - started })),
    );
    holdDecisions?.();
    const answer = startTransaction(first, idTag);
    await until('it is under way', () => isLogged(csms, first.networkId));
    const exit = end();
    await until('it is not ready', async () => (await healthOf(port)).status === 503, { everyMs: 10 });
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    decideAgain?.();
    expect((await answer).status).toBe('Accepted');
    const ends = await closed;
    expect([...new Set(ends.map(({ code }) => code))]).toEqual([1001]);
    const times = ends.map(({ atMs }) => atMs).sort((a, b) => a - b);
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(50);
    expect(await exit).toBe(0);
    expect(performance.now() - started).toBeLessThan(longestMs);
  });
});

async function isLogged({ api }: RunningCsms, networkId: string): Promise<boolean> {
  const query = new URLSearchParams({ client: networkId, messageType: 'StartTransaction' });
  const { items } = await api.get<{ items: unknown[] }>(`/message-manager/messages?${query}`);
  return items.length > 0;
}
