/** Latency at a fixed rate, counted from when a CALL was due: a server that stalls does not slow the asking down. */
import { withDataFolder } from '../data-folder.ts';
import { type DiskFigures, measureFsync } from '../disk.ts';
import type { LoadResult } from '../load/orders.ts';
import { pinning } from '../machine.ts';
import type { Findings, Tools } from '../part.ts';
import { checkLoad, startServer, withLoad } from '../processes.ts';
import { type Target, table } from '../report.ts';

const shares = [0.1, 0.5, 0.9];
const targetShare = 0.5;
const scenario = 'Heartbeat';
const warmUpMs = 2000;
/** Longer than a turn elsewhere: a p99 wants many values, at a tenth of the capacity too. */
const turnsLong = 3;

interface Measured {
  share: number;
  perSecond: number;
  load: LoadResult;
}

export async function measureLatency({ options, progress }: Tools): Promise<Findings> {
  const forMs = options.seconds * 1000;
  const connections = options.connections[0] ?? 200;
  return withDataFolder((directory) =>
    withLoad(startServer('ocpp-csms', { arguments: [directory, 'open'] }), async ({ port }, generator) => {
      progress('the disk');
      const disk = measureFsync(directory);
      progress('capacity');
      const order = { port, connections, scenario } as const;
      await generator.load({ kind: 'closed', ...order, forMs: warmUpMs });
      const full = await generator.load({ kind: 'closed', ...order, forMs: forMs * turnsLong });
      checkLoad('ocpp-csms', full);
      const capacity = full.replies / full.seconds;
      const measured: Measured[] = [];
      for (const share of shares) {
        progress(`${share * 100} % of capacity`);
        const perSecond = Math.round(capacity * share);
        const load = await generator.load({ kind: 'open', ...order, perSecond, forMs: forMs * turnsLong });
        // What was not answered in time is a figure here.
        checkLoad('ocpp-csms', { ...load, unanswered: 0 });
        measured.push({ share, perSecond, load });
      }
      return findings(measured, { capacity, connections, disk });
    }),
  );
}

interface Setting {
  capacity: number;
  connections: number;
  disk: DiskFigures;
}

function findings(measured: readonly Measured[], { capacity, connections, disk }: Setting): Findings {
  const rows = measured.map(({ share, perSecond, load }) => [
    `${share * 100} %`,
    String(perSecond),
    load.p50Ms.toFixed(1),
    load.p99Ms.toFixed(1),
    String(load.unanswered),
    `${(load.cpuShare * 100).toFixed(0)} %`,
  ]);
  const markdown = [
    `${scenario}, ${connections} connections, everything stored; ${pinning}. Capacity, with one CALL always in flight on each connection: ${capacity.toFixed(0)} replies/s. This disk takes ${disk.p50Ms.toFixed(2)} ms (p50) and ${disk.p99Ms.toFixed(2)} ms (p99) for 4 KiB and fdatasync.`,
    table(['of capacity', 'CALLs/s', 'p50 ms', 'p99 ms', 'not answered', 'generator'], rows),
  ].join('\n\n');
  return { markdown, figures: { capacity, disk, measured }, targets: measured.flatMap((one) => targetOf(one, disk)) };
}

function targetOf({ share, load }: Measured, disk: DiskFigures): Target[] {
  if (share !== targetShare) return [];
  const most = 50 + 2 * disk.p99Ms;
  const target = `p99 at half of the capacity ≤ 50 ms + 2 × p99 of fdatasync = ${most.toFixed(1)} ms`;
  return [{ target, reached: `${load.p99Ms.toFixed(1)} ms`, held: load.p99Ms <= most && load.unanswered === 0 }];
}
