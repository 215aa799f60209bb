/** After a power cut: everybody connects at the same moment, and comes again when told to. */
import { withDataFolder } from '../data-folder.ts';
import type { StormResult } from '../load/orders.ts';
import { openFilesLimit, pinning } from '../machine.ts';
import type { Findings, Tools } from '../part.ts';
import { startServer, withLoad } from '../processes.ts';
import { password, registerChargePoints } from '../registration.ts';
import { table } from '../report.ts';

const targetSeconds = 60;
const withinMs = 180_000;
const otherFiles = 200;

export async function measureStorm({ options: { storm: count }, progress }: Tools): Promise<Findings> {
  const limit = openFilesLimit() ?? Number.POSITIVE_INFINITY;
  if (count + otherFiles > limit)
    throw new Error(`${count} connections need more open files than the ${limit} of \`ulimit -n\``);
  return withDataFolder(async (directory) => {
    progress(`registering ${count}`);
    const networkIds = await registerChargePoints(directory, count);
    return withLoad(startServer('ocpp-csms', { arguments: [directory] }), async ({ port, order }, generator) => {
      progress(`${count} charge points connect`);
      const before = await order({ kind: 'report', collect: false });
      const result = await generator.storm({ kind: 'storm', port, networkIds, password, withinMs });
      const after = await order({ kind: 'report', collect: false });
      return findings(count, result, after.cpuSeconds - before.cpuSeconds);
    });
  });
}

const brokenText = (broken: StormResult['broken']) =>
  Object.entries(broken)
    .map(([reason, times]) => `${times} × ${reason}`)
    .join(', ') || '0';

function findings(count: number, result: StormResult, serverCpuSeconds: number): Findings {
  const { answered, seconds, p50Seconds, p99Seconds, postponed, broken, wrongReplies } = result;
  const row = [
    String(count),
    String(answered),
    seconds.toFixed(1),
    p50Seconds.toFixed(1),
    p99Seconds.toFixed(1),
    String(postponed),
    brokenText(broken),
    serverCpuSeconds.toFixed(1),
  ];
  const headings = [
    'charge points',
    'answered',
    'seconds until all were',
    'p50 s',
    'p99 s',
    '503 with a time to come again',
    'broken or refused otherwise',
    'CPU seconds of the server',
  ];
  const markdown = [
    `HTTP Basic, BootNotification and 3 × StatusNotification each, all at the same moment; the settings are the defaults (\`csmsServer.upgradesPerSecond\` postpones the others with \`Retry-After\`, which the charge points keep to); ${pinning}.`,
    table(headings, [row]),
  ].join('\n\n');
  const held = answered === count && wrongReplies === 0 && seconds <= targetSeconds;
  const reached = answered === count ? `${seconds.toFixed(1)} s` : `${answered} after ${seconds.toFixed(0)} s`;
  return {
    markdown,
    figures: { count, ...result, serverCpuSeconds },
    targets: [{ target: `${count} charge points accepted and answered in ≤ ${targetSeconds} s`, reached, held }],
  };
}
