/** `npm run bench`: this system beside its peers, and as it grows. Each part is a file in `parts/`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeMachine } from './machine.ts';
import { commandFor, type PartName, parseOptions } from './options.ts';
import type { Findings, Part } from './part.ts';
import { measureBun } from './parts/bun.ts';
import { measureConsole } from './parts/console.ts';
import { measureEngines } from './parts/engines.ts';
import { measureFootprint } from './parts/footprint.ts';
import { measureLatency } from './parts/latency.ts';
import { measureLog } from './parts/log.ts';
import { measureMemory } from './parts/memory.ts';
import { profileHotPath } from './parts/profile.ts';
import { measureStart } from './parts/start.ts';
import { measureStorm } from './parts/storm.ts';
import { measureThroughput } from './parts/throughput.ts';
import { replaceSection, targetTable } from './report.ts';

const parts: Readonly<Record<PartName, Part>> = {
  throughput: measureThroughput,
  memory: measureMemory,
  footprint: measureFootprint,
  latency: measureLatency,
  log: measureLog,
  start: measureStart,
  storm: measureStorm,
  engines: measureEngines,
  console: measureConsole,
  bun: measureBun,
  profile: profileHotPath,
};

// Through the exit handlers, which remove what is temporary.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const options = parseOptions();
const date = new Date().toISOString().slice(0, 10);
const measured: Record<string, unknown> = {};
for (const name of options.only) await measure(name);
if (options.json) console.log(JSON.stringify({ date, machine: describeMachine(), options, parts: measured }, null, 2));

/** A part that fails is said and does not keep the others from being measured. */
async function measure(name: PartName): Promise<void> {
  const startedAt = performance.now();
  try {
    const findings = await parts[name]({ options, progress: (text) => progress(`${name}: ${text}`) });
    const seconds = (performance.now() - startedAt) / 1000;
    progress(`${name}: done after ${seconds.toFixed(0)} s`);
    measured[name] = { seconds, figures: findings.figures, targets: findings.targets };
    publish(name, findings);
  } catch (error) {
    process.stderr.write(
      `\n${name} could not be measured: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

/** At once, part by part: what was measured stays when a later part fails. */
function publish(name: PartName, { markdown, targets = [] }: Findings): void {
  const section = targets.length === 0 ? markdown : `${markdown}\n\n${targetTable(targets)}`;
  if (!options.json) console.log(`\n## ${name}\n\n${section}`);
  if (options.report === undefined) return;
  const origin = `${date}, \`${commandFor(name, process.argv.slice(2))}\`; ${describeMachine()}.`;
  const page = readFileSync(options.report, 'utf8');
  writeFileSync(options.report, replaceSection(page, name, `${origin}\n\n${section}`));
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}
