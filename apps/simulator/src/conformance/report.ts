import type { Conformance, Finding } from './conformance.ts';
import { applies, type RuleId, rules } from './rules.ts';

/** What a run says about the CSMS. */
export interface ConformanceReport {
  chargePoints: number;
  /** Frames of the CSMS that were looked at. */
  frames: number;
  /** Rules that apply to the versions of this run. */
  rules: number;
  exercised: Partial<Record<RuleId, number>>;
  findings: Finding[];
  /** What breaks no rule: it does not count. */
  notes: Finding[];
}

export function reportOn(watches: readonly Conformance[]): ConformanceReport {
  const exercised: Partial<Record<RuleId, number>> = {};
  for (const watch of watches)
    for (const [rule, times] of watch.exercised) exercised[rule] = (exercised[rule] ?? 0) + times;
  const generations = new Set(watches.map(({ version }) => version === 'ocpp1.6'));
  const applicable = ruleIds.filter((rule) => [...generations].some((is16) => applies(rule, is16)));
  return {
    chargePoints: watches.length,
    frames: watches.reduce((sum, { frames }) => sum + frames, 0),
    rules: applicable.length,
    exercised,
    findings: watches.flatMap(({ findings }) => findings),
    notes: watches.flatMap(({ notes }) => notes),
  };
}

const ruleIds = Object.keys(rules) as RuleId[];
const shownOfEach = 3;

/** For people: what was broken, with the clause and some of the frames. */
export function reportText(report: ConformanceReport): string {
  const { chargePoints, frames, findings, notes } = report;
  const exercised = Object.keys(report.exercised).length;
  const scope = `${plural(chargePoints, 'charge point')}, ${plural(frames, 'frame')} of the CSMS, ${exercised} of ${report.rules} rules put to the test`;
  const result = findings.length === 0 ? 'nothing found' : plural(findings.length, 'finding');
  const lines = [`Conformance of the CSMS: ${result} (${scope}).`, ...listed(findings, report)];
  if (notes.length > 0) lines.push('', `Notes, which do not count: ${notes.length}.`, ...listed(notes, report));
  return lines.join('\n');
}

function listed(findings: readonly Finding[], report: ConformanceReport): string[] {
  const lines: string[] = [];
  for (const [rule, found] of Map.groupBy(findings, ({ rule }) => rule)) {
    const clauses = [...new Set(found.map(({ clause }) => clause))].join(', ');
    lines.push(
      '',
      `${rule}: ${rules[rule][2]} (${clauses}) Broken ${found.length} of ${report.exercised[rule]} times.`,
    );
    for (const { at, chargePoint, words, frame } of found.slice(0, shownOfEach))
      lines.push(`  ${at} ${chargePoint}: ${words}`, `    ${frame.length > 300 ? `${frame.slice(0, 300)}…` : frame}`);
    if (found.length > shownOfEach) lines.push(`  … and ${found.length - shownOfEach} more`);
  }
  return lines;
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
