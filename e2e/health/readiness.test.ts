import { until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DaemonService, type Daemons, startDaemons } from '../src/daemons.ts';
import { type NodesEngines, nodesEngines, shapeMissing } from '../src/shapes.ts';
import { healthOf } from './health-of.ts';

const missing = await shapeMissing('nodes');
if (missing !== undefined) process.stderr.write(`\nNOT TESTED: what is away is named by readiness (${missing})\n\n`);

describe.skipIf(missing !== undefined)(
  'a service names what it misses, is alive, and ready again when that is back',
  () => {
    let engines: NodesEngines;
    let daemons: Daemons;

    beforeAll(async () => {
      engines = await nodesEngines({ ownPostgres: true });
      daemons = await startDaemons({ ...engines, nodes: ['node-1'] });
    });
    afterAll(async () => {
      await daemons?.stop();
    });

    /** By check, what each of them says while it is away. */
    async function isNamed(names: Partial<Record<DaemonService, { check: string; words: RegExp }>>): Promise<void> {
      for (const [service, { check, words }] of Object.entries(names)) {
        const { port } = daemons.daemon(service as DaemonService);
        await until(
          `${service} is not ready`,
          async () => {
            const { status, checks } = await healthOf(port);
            return status === 503 && words.test(checks[check] ?? '');
          },
          { timeoutMs: 20_000, everyMs: 200 },
        ).catch(async (error: unknown) => {
          throw new Error(`${String(error)}: ${JSON.stringify(await healthOf(port))}`);
        });
        expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
      }
    }

    async function allReady(): Promise<void> {
      for (const { service, port } of daemons.all()) {
        await until(`${service} is ready`, async () => (await healthOf(port)).status === 200, {
          timeoutMs: 30_000,
          everyMs: 200,
        });
      }
    }

    test('the database', async () => {
      await engines.postgres?.stop('immediate');
      const words = /PostgreSQL|database|connect/i;
      await isNamed({
        session: { check: 'session', words },
        'device-manager': { check: 'device-manager', words },
        'message-manager': { check: 'message-manager', words },
      });
      await engines.postgres?.start();
      await allReady();
    });

    test('the broker', async () => {
      await engines.nats.stop('SIGKILL');
      const named = { check: 'bus', words: /NATS|connection/i };
      await isNamed({ 'csms-server': named, session: named, 'device-manager': named, 'message-manager': named });
      await engines.nats.start();
      await allReady();
    });

    test('the cache', async () => {
      await engines.redis.stop('SIGKILL');
      await isNamed({
        'csms-server': { check: 'csms-server', words: /Redis|cache/i },
        'device-manager': { check: 'device-manager', words: /Redis|cache/i },
      });
      await engines.redis.start();
      await allReady();
    });
  },
);
