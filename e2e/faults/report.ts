import { cpus, release, totalmem } from 'node:os';
import { type Shape, shapeWords } from '../src/shapes.ts';
import type { Fault, Outcome } from './fault.ts';
import { seconds } from './scene.ts';

/** A fault, and the shape of the system that it is injected into. */
export interface Injection {
  fault: Fault;
  shape: Shape;
}

export type Result = Injection & { tookMs: number } & (
    | { kind: 'ran'; outcome: Outcome }
    | { kind: 'broke'; error: unknown }
    | { kind: 'skipped'; reason: string }
  );

export function verdictOf(result: Result): 'held' | 'FAILED' | 'skipped' {
  if (result.kind === 'skipped') return 'skipped';
  return result.kind === 'ran' && result.outcome.problems.length === 0 ? 'held' : 'FAILED';
}

export function detailsOf(result: Result): string[] {
  if (result.kind === 'skipped') return [`skipped: ${result.reason}`];
  if (result.kind === 'broke') return [String(result.error instanceof Error ? result.error.stack : result.error)];
  return result.outcome.problems;
}

function whatOf({ fault, shape }: Result): string {
  return `${fault.name}, ${shapeWords[shape]}`;
}

/** One line a fault, in Markdown. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const figures = result.kind === 'ran' ? result.outcome.figures.join('; ') : detailsOf(result)[0]?.split('\n')[0];
    return `| ${result.fault.name} | ${shapeWords[result.shape]} | **${verdictOf(result)}** | ${figures} | ${seconds(result.tookMs)} |`;
  });
  return ['| Fault | System | | Measured | Took |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** `docs/reliability.md` */
export function report(results: readonly Result[], { date, commit }: { date: Date; commit: string }): string {
  const standIns = results.flatMap((result) =>
    result.kind === 'ran' && result.outcome.standIn !== undefined
      ? [`- ${whatOf(result)}: ${result.outcome.standIn}`]
      : [],
  );
  const failures = results
    .filter((result) => verdictOf(result) === 'FAILED')
    .flatMap((result) => ['', `### ${whatOf(result)}`, '', ...detailsOf(result).map((line) => `- ${line}`)]);
  return [
    '# Reliability: faults injected on purpose',
    '',
    'Made by `npm run faults` (about two hours); `npm test` runs a short form. The real processes and real sockets: one',
    'process with its defaults and SQLite files; four daemons over ZeroMQ; two of each service over NATS, PostgreSQL and',
    'Redis (NATS and Redis of its own; PostgreSQL of its own where it goes away). Every charge point notes what it saw',
    'answered; in the end its notes are compared with the exported message log and the exported ledger.',
    '',
    `- Date: ${date.toISOString().slice(0, 16).replace('T', ' ')} UTC, at ${commit}`,
    `- Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, ${process.platform} ${release()}, Node.js ${process.versions.node}. CSMS and charge points share it.`,
    '',
    tableOf(results),
    ...(standIns.length > 0 ? ['', 'What this machine did not permit:', '', ...standIns] : []),
    ...(failures.length > 0 ? ['', '## What failed', ...failures] : []),
    '',
    '## What each fault is, and when it counts as held',
    '',
    ...[...new Set(results.map(({ fault }) => fault))].map(
      ({ name, does, holdsWhen }) => `- **${name}.** ${does} Held when: ${holdsWhen}.`,
    ),
    '',
  ].join('\n');
}
