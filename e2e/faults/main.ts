import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { type Shape, shapes, shapeWords } from '../src/shapes.ts';
import { faults } from './all.ts';
import { NotPossibleHere } from './fault.ts';
import { detailsOf, type Injection, type Result, report, tableOf, verdictOf } from './report.ts';
import { seconds } from './scene.ts';

interface Options {
  short?: boolean;
  only?: string[];
  shape?: Shape[];
  list?: boolean;
  report?: string;
}

const program = new Command('npm run faults --')
  .description(
    'Injects faults into a CSMS of its own, on free ports and in temporary folders, and compares what charge points saw with what it kept.',
  )
  .option('--short', 'seconds for each, as in npm test, instead of two hours in all')
  .option('--only <name...>', 'those whose name contains one of these words')
  .addOption(new Option('--shape <shape...>', 'the system in these shapes (default: all)').choices(shapes))
  .option('--list', 'what there is, and do nothing')
  .option('--report <file>', 'write the results to this Markdown file (the long form of all: docs/reliability.md)')
  .addHelpText('after', '\nExit codes: 0 all held; 1 something did not; 2 wrong usage.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

/** For one fault. */
const mostMinutes = 20;
/** With all faults in all of their shapes. */
const all = faults.reduce((sum, fault) => sum + fault.shapes.length, 0);

const options = program.opts<Options>();
const chosen = faults.filter(({ name }) => options.only?.some((word) => name.includes(word)) ?? true);
const injections: Injection[] = chosen.flatMap((fault) =>
  fault.shapes.filter((shape) => options.shape?.includes(shape) ?? true).map((shape) => ({ fault, shape })),
);
if (injections.length === 0) {
  console.error(`There is no such fault in this shape. There are: ${faults.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
if (options.list)
  for (const { name, does, holdsWhen } of chosen) console.log(`${name}\n  ${does}\n  Held when: ${holdsWhen}.\n`);
else await runAll();

async function runAll(): Promise<void> {
  const results: Result[] = [];
  for (const [index, injection] of injections.entries()) {
    console.log(`\n${index + 1}/${injections.length} ${injection.fault.name}, ${shapeWords[injection.shape]} …`);
    const result = await inject(injection);
    results.push(result);
    console.log(`  ${verdictOf(result)} after ${seconds(result.tookMs)}`);
    if (result.kind === 'ran')
      console.log(`  ${[...result.outcome.figures, result.outcome.standIn ?? ''].filter(Boolean).join('; ')}`);
    for (const line of detailsOf(result)) console.log(`  - ${line}`);
  }
  console.log(`\n${tableOf(results)}`);
  const file = reportFile();
  if (file !== undefined) {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    await writeFile(file, report(results, { date: new Date(), commit }));
    console.log(`\nWritten to ${file}`);
  }
  const times = (verdict: string) => results.filter((result) => verdictOf(result) === verdict).length;
  console.log(`\n${times('held')} held, ${times('FAILED')} failed, ${times('skipped')} skipped`);
  // Whatever a fault that was not over in time has left behind ends here.
  process.exit(times('FAILED') > 0 ? 1 : 0);
}

/** Only a complete long run says what the system survives. */
function reportFile(): string | undefined {
  if (options.report !== undefined || options.short === true || injections.length < all) return options.report;
  return fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
}

async function inject({ fault, shape }: Injection): Promise<Result> {
  const startedAt = performance.now();
  const tookMs = () => performance.now() - startedAt;
  try {
    const run = fault.run({ shape, isLong: options.short !== true, say: (words) => console.log(`  ${words}`) });
    const outcome = await Promise.race([run, tooLate()]);
    return { kind: 'ran', fault, shape, outcome, tookMs: tookMs() };
  } catch (error) {
    if (error instanceof NotPossibleHere)
      return { kind: 'skipped', fault, shape, reason: error.message, tookMs: tookMs() };
    return { kind: 'broke', fault, shape, error, tookMs: tookMs() };
  }
}

async function tooLate(): Promise<never> {
  await sleep(mostMinutes * 60_000, undefined, { ref: false });
  throw new Error(`it was not over after ${mostMinutes} minutes`);
}
