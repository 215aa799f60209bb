/** The real program from spawn to the first `ready`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { systemFlags } from '@ocpp-csms/all-in-one/node-flags';
import { withDataFolder } from '../data-folder.ts';
import type { Findings, Tools } from '../part.ts';
import { registerChargePoints } from '../registration.ts';
import { type Target, table, withSpread } from '../report.ts';
import { spreadOf } from '../statistics.ts';

const program = fileURLToPath(new URL('../../../apps/all-in-one/src/main.ts', import.meta.url));
const targetSeconds = 3;

interface Start {
  seconds: number;
  /** Megabytes; absent where the system does not say. */
  rss?: number;
}
interface Measured {
  registered: number;
  starts: Start[];
}

export async function measureStart({ options, progress }: Tools): Promise<Findings> {
  const measured: Measured[] = [];
  for (const registered of options.registered) {
    const starts = await withDataFolder(async (directory) => {
      progress(`registering ${registered}`);
      await registerChargePoints(directory, registered);
      // The first finds no data and makes it; what counts is a start like every other.
      await startOnce(directory);
      const taken: Start[] = [];
      for (let round = 1; round <= options.rounds; round++) {
        progress(`${registered} registered, start ${round}/${options.rounds}`);
        taken.push(await startOnce(directory));
      }
      return taken;
    });
    measured.push({ registered, starts });
  }
  const rows = measured.map(({ registered, starts }) => [
    String(registered),
    withSpread(spreadOf(starts.map(({ seconds }) => seconds)), 2),
    withSpread(spreadOf(starts.map(({ rss = Number.NaN }) => rss))),
  ]);
  return {
    markdown: table(['registered charge points', 'seconds from spawn to ready', 'resident MB then'], rows),
    figures: measured,
    targets: measured.map(target),
  };
}

function target({ registered, starts }: Measured): Target {
  const { median } = spreadOf(starts.map(({ seconds }) => seconds));
  return {
    target: `start with ${registered} registered charge points ≤ ${targetSeconds} s`,
    reached: `${median.toFixed(2)} s`,
    held: median <= targetSeconds,
  };
}

async function startOnce(directory: string): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...systemFlags, program], {
    cwd: directory,
    env: {
      ...process.env,
      CSMS_DATA_DIR: directory,
      CSMS_HTTP_HOST: '127.0.0.1',
      CSMS_HTTP_PORT: '0',
      CSMS_LOG_DIR: '',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const port = await portOf(child.stdout);
    await ready(port);
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, ...residentMegabytes(child.pid) };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

/** From the banner. Rejects when the program ends without one. */
async function portOf(output: Readable): Promise<number> {
  const lines = createInterface(output);
  for await (const line of lines) {
    const port = /API +http:\/\/localhost:(\d+)\//.exec(line)?.[1];
    if (port === undefined) continue;
    output.resume();
    return Number(port);
  }
  throw new Error('the program ended before it was ready');
}

async function ready(port: number): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`);
  if (status !== 200) throw new Error(`the program says that it runs, and /health/ready answers ${status}`);
}

function residentMegabytes(pid: number | undefined): { rss?: number } {
  if (process.platform !== 'linux' || pid === undefined) return {};
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? {} : { rss: Number(kilobytes) / 1024 };
}
