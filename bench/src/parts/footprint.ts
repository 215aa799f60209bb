/** What the whole system takes of a small machine's memory: at rest, and with charge points that charge. */
import { setTimeout } from 'node:timers/promises';
import { memoryOf } from '@ocpp-csms/e2e/memory-of';
import { withDataFolder } from '../data-folder.ts';
import { startSystem, systemPlans } from '../engines/systems.ts';
import type { LoadResult, OpenLoopOrder } from '../load/orders.ts';
import type { Findings, Tools } from '../part.ts';
import { checkLoad, startGenerator, startServer } from '../processes.ts';
import { megabytes, type Target, table } from '../report.ts';

const chargePoints = 1000;
/** Each says something of its transaction so often. */
const everySeconds = 10;
const busyForMs = 120_000;
/** After the start, until nothing of it is under way any more. */
const settleMs = 20_000;
const everyMs = 5000;
const targets = { rest: 200, busy: 400 };

interface Measured {
  system: string;
  /** Bytes. */
  atRest: number;
  /** The most that was seen. */
  busy: number;
}

interface System {
  system: string;
  port: number;
  memory(): number;
  stop(): Promise<void>;
}

export async function measureFootprint({ progress }: Tools): Promise<Findings> {
  const measured = await withDataFolder(async (directory) => {
    progress('one process');
    const one = await measure(await startOne(directory));
    progress('four daemons');
    return [one, await measure(await startFour())];
  });
  const [one] = measured as [Measured, Measured];
  return {
    markdown: [
      `At rest: ${settleMs / 1000} s after the start. Busy: the most that was seen in ${busyForMs / 60_000} minutes in which ${chargePoints} charge points charged and each reported every ${everySeconds} s. Of the daemons, what they share is counted once, as a container is charged for it.`,
      table(
        ['system', 'MB at rest', `MB with ${chargePoints} busy charge points`],
        measured.map(({ system, atRest, busy }) => [system, megabytes(atRest).toFixed(0), megabytes(busy).toFixed(0)]),
      ),
    ].join('\n\n'),
    figures: measured,
    targets: [target('at rest', one.atRest, targets.rest), target('busy', one.busy, targets.busy)],
  };
}

async function measure({ system, port, memory, stop }: System): Promise<Measured> {
  const generator = startGenerator();
  try {
    await setTimeout(settleMs);
    const atRest = memory();
    const load: OpenLoopOrder = {
      kind: 'open',
      port,
      connections: chargePoints,
      scenario: 'Transaction',
      perSecond: chargePoints / everySeconds,
      forMs: busyForMs,
    };
    return { system, atRest, busy: await highest(memory, system, generator.load(load)) };
  } finally {
    await generator.stop();
    await stop();
  }
}

async function highest(memory: () => number, system: string, loading: Promise<LoadResult>): Promise<number> {
  let most = 0;
  const look = () => {
    most = Math.max(most, memory());
  };
  const watching = setInterval(look, everyMs);
  try {
    checkLoad(system, await loading);
  } finally {
    clearInterval(watching);
  }
  look();
  return most;
}

async function startOne(directory: string): Promise<System> {
  const { pid, port, stop } = await startServer('ocpp-csms', { arguments: [directory, 'open'] });
  return { system: 'one process, SQLite', port, memory: () => memoryOf([pid]), stop };
}

async function startFour(): Promise<System> {
  const [overZeromq] = systemPlans;
  if (overZeromq === undefined) throw new Error('there is no plan of four daemons');
  const daemons = await startSystem(overZeromq);
  const pids = daemons.all().map(({ process }) => process.pid ?? 0);
  return {
    system: 'four daemons, ZeroMQ, SQLite',
    port: daemons.port,
    memory: () => memoryOf(pids),
    stop: () => daemons.stop(),
  };
}

function target(when: string, bytes: number, most: number): Target {
  const reached = megabytes(bytes);
  return { target: `one process, ${when}: ≤ ${most} MB`, reached: `${reached.toFixed(0)} MB`, held: reached <= most };
}
