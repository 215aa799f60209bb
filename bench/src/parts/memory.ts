/** Resident memory with idle connections, each after one Heartbeat, and after a collection. */
import { withDataFolder } from '../data-folder.ts';
import { openFilesLimit } from '../machine.ts';
import type { Findings, Tools } from '../part.ts';
import { checkLoad, startServer, withLoad } from '../processes.ts';
import { megabytes, table, times } from '../report.ts';

const servers = ['bare-ws', 'ocpp-rpc', 'ocpp-csms'] as const;

interface Measured {
  server: string;
  connections: number;
  /** Bytes. */
  atStart: number;
  loaded: number;
}

/** Files that a process has open beside its connections. */
const otherFiles = 200;

export async function measureMemory({ options, progress }: Tools): Promise<Findings> {
  const limit = openFilesLimit() ?? Number.POSITIVE_INFINITY;
  const [possible, skipped] = [true, false].map((fits) =>
    options.idle.filter((connections) => connections + otherFiles <= limit === fits).sort((a, b) => a - b),
  );
  const measured: Measured[] = [];
  for (const server of servers) measured.push(...(await memoryOf(server, possible ?? [], progress)));
  const notes = (skipped ?? []).map(
    (connections) =>
      `**${connections} connections were left out**: a process may have ${limit} files open here (\`ulimit -n\`).`,
  );
  return { markdown: [describe(measured), ...notes].join('\n\n'), figures: measured };
}

function memoryOf(server: string, sizes: readonly number[], progress: Tools['progress']): Promise<Measured[]> {
  return withDataFolder((directory) =>
    withLoad(startServer(server, { arguments: [directory, 'open'] }), async ({ port, order }, generator) => {
      const measured: Measured[] = [];
      const { rss: atStart } = await order({ kind: 'report', collect: true });
      for (const connections of sizes) {
        progress(`${connections} connections, ${server}`);
        checkLoad(server, await generator.load({ kind: 'idle', port, connections }));
        const { rss } = await order({ kind: 'report', collect: true });
        measured.push({ server, connections, atStart, loaded: rss });
      }
      return measured;
    }),
  );
}

function describe(measured: readonly Measured[]): string {
  const each = ({ loaded, atStart, connections }: Measured) => (loaded - atStart) / 1024 / connections;
  const rows = measured.map((own) => {
    const bare = measured.find(({ server, connections }) => server === 'bare-ws' && connections === own.connections);
    return [
      String(own.connections),
      own.server,
      megabytes(own.atStart).toFixed(0),
      megabytes(own.loaded).toFixed(0),
      times(own.loaded, bare?.loaded),
      each(own).toFixed(1),
      times(each(own), bare && each(bare)),
    ];
  });
  rows.sort(([left], [right]) => Number(left) - Number(right));
  const headings = [
    'idle connections',
    'server',
    'MB at start',
    'MB',
    '× bare ws',
    'kB per connection beyond the start',
    '× bare ws',
  ];
  return table(headings, rows);
}
