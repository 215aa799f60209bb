import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectChargePoint, freePort, until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boot } from '../src/charge-1.6.ts';
import { ensureDebianPrograms } from '../src/debian-programs.ts';
import { password, register } from '../src/registry.ts';
import { shareCsms } from '../src/share-csms.ts';

const missing = await ensureDebianPrograms(['prometheus']);
const rules = join(import.meta.dirname, '../../deploy/monitoring/alerts.yaml');
const dashboard = join(import.meta.dirname, '../../deploy/monitoring/grafana-dashboard.json');
const promtool = (...args: string[]) => promisify(execFile)('promtool', args);

describe.skipIf(missing !== undefined)(`Prometheus itself${missing === undefined ? '' : ` (${missing})`}`, () => {
  test('takes the rules, and each alert fires when it should', async () => {
    expect((await promtool('check', 'rules', rules)).stdout).toMatch(/SUCCESS: \d+ rules found/);
    const cases = join(import.meta.dirname, 'alerts.promtool.yaml');
    expect((await promtool('test', 'rules', cases)).stdout).toContain('SUCCESS');
    const names = [...(await readFile(rules, 'utf8')).matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    const tried = await readFile(cases, 'utf8');
    expect(names.filter((name) => !tried.includes(`alertname: ${name}, exp_alerts: [ {`))).toEqual([]);
  });

  describe('that reads the figures of a running system', () => {
    const csms = shareCsms();
    let prometheus: RunningPrometheus;

    beforeAll(async () => {
      prometheus = await startPrometheus(csms.httpUrl, join(csms.dataDir, 'admin.key'));
    });
    afterAll(() => prometheus?.stop());

    test('gets them with the key, and finds nothing to alarm about', async () => {
      const { networkId } = await register(csms);
      const chargePoint = await connectChargePoint({ url: csms.wsUrl, networkId, password, protocol: 'ocpp1.6' });
      await boot(chargePoint);
      await until(
        'the charge point is seen by Prometheus',
        async () => (await prometheus.query('sum(csms_connections{version="ocpp1.6"})'))[0]?.value[1] === '1',
        { timeoutMs: 15_000 },
      );
      await chargePoint.drop();
      const { groups } = await until(
        'the rules have been looked at',
        async () => {
          const told = await prometheus.get<{ groups: RuleGroup[] }>('rules');
          return told.groups.every((group) => group.rules.every(({ health }) => health !== 'unknown')) && told;
        },
        { timeoutMs: 15_000 },
      );
      const found = groups.flatMap((group) => group.rules);
      expect(found.length).toBeGreaterThan(5);
      expect(found.filter(({ health, state }) => health !== 'ok' || state === 'firing')).toEqual([]);
    });

    test('answers every question of the dashboard', async () => {
      const { panels } = JSON.parse(await readFile(dashboard, 'utf8')) as {
        panels: { targets?: { expr: string }[] }[];
      };
      const questions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
      expect(questions.length).toBeGreaterThan(10);
      for (const question of questions) await prometheus.query(question);
    });
  });
});

interface RuleGroup {
  rules: { name: string; health: 'ok' | 'err' | 'unknown'; state: 'inactive' | 'pending' | 'firing' }[];
}

interface RunningPrometheus {
  get<T>(path: string): Promise<T>;
  query(question: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
  stop(): Promise<void>;
}

/** With the rules of the repository, and the scraping that docs/operations/monitoring.md tells of. */
async function startPrometheus(httpUrl: string, keyFile: string): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-prometheus-'));
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: 'ocpp-csms',
        authorization: { credentials_file: keyFile },
        static_configs: [{ targets: [new URL(httpUrl).host] }],
      },
    ],
  };
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const told = (await response.json()) as { status: string; error?: string; data: T };
    if (told.status !== 'success') throw new Error(`${path}: ${told.error}`);
    return told.data;
  };
  const stop = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  await until('Prometheus answers', () => get('rules').catch(() => undefined), { timeoutMs: 30_000 });
  return {
    get,
    query: async (question) =>
      (
        await get<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
          `query?query=${encodeURIComponent(question)}`,
        )
      ).result,
    stop,
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
