/** Where the main thread spends its time while it answers as fast as it can. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { withDataFolder } from '../data-folder.ts';
import type { Scenario } from '../load/scenarios.ts';
import type { Findings, Tools } from '../part.ts';
import { checkLoad, startServer, withLoad } from '../processes.ts';
import { type CpuProfile, type SelfTime, topSelfTimes } from '../profile-summary.ts';
import { table } from '../report.ts';

const profiled: readonly Scenario[] = ['Heartbeat', 'MeterValues'];
const connections = 200;
const warmUpMs = 3000;
/** The load goes on while the profile begins and ends. */
const settleMs = 2000;
const shown = 15;

export async function profileHotPath({ options, progress }: Tools): Promise<Findings> {
  const found: { scenario: Scenario; file: string; top: SelfTime[] }[] = [];
  for (const scenario of profiled) {
    progress(scenario);
    const file = join(resolve(options.profileDir), `${scenario}.cpuprofile`);
    await writeProfile(scenario, file, options.seconds * 1000);
    const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
    found.push({ scenario, file, top: topSelfTimes(profile, shown) });
  }
  const markdown = found
    .map(({ scenario, top }) => `\`${scenario}.cpuprofile\`, main thread, self time:\n\n${selfTimeTable(top)}`)
    .join('\n\n');
  return { markdown, figures: found };
}

function writeProfile(scenario: Scenario, file: string, forMs: number): Promise<void> {
  return withDataFolder((directory) =>
    withLoad(startServer('ocpp-csms', { arguments: [directory, 'open'] }), async ({ port, order }, generator) => {
      const load = { kind: 'closed', port, connections, scenario } as const;
      // In the middle of the load: not with the handshakes, and when the compiler has seen enough.
      const loading = generator.load({ ...load, forMs: warmUpMs + forMs + settleMs });
      const profiling = setTimeout(warmUpMs)
        .then(() => order({ kind: 'profile' }))
        .then(() => setTimeout(forMs))
        .then(() => order({ kind: 'end-profile', file }));
      const [result] = await Promise.all([loading, profiling]);
      checkLoad('ocpp-csms', result);
    }),
  );
}

function selfTimeTable(top: readonly SelfTime[]): string {
  return table(
    ['function', 'share'],
    top.map(({ name, share }) => [`\`${name}\``, `${(share * 100).toFixed(1)} %`]),
  );
}
