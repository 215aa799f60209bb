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
  };
}

const ruleIds = Object.keys(rules) as RuleId[];
const shownOfEach = 3;

/** For people: what was broken, with the clause and some of the frames. */
export function reportText(report: ConformanceReport): string {
  const { chargePoints, frames, findings } = report;
  const exercised = Object.keys(report.exercised).length;
  const scope = `${plural(chargePoints, 'charge point')}, ${plural(frames, 'frame')} of the CSMS, ${exercised} of ${report.rules} rules put to the test`;
  if (findings.length === 0) return `Conformance of the CSMS: nothing found (${scope}).`;
  const byRule = Map.groupBy(findings, ({ rule }) => rule);
  const lines = [`Conformance of the CSMS: ${plural(findings.length, 'finding')} (${scope}).`];
  for (const [rule, found] of byRule) {
    const clauses = [...new Set(found.map(({ clause }) => clause))].join(', ');
    lines.push(
      '',
      `${rule}: ${rules[rule][2]} (${clauses}) Broken ${found.length} of ${report.exercised[rule]} times.`,
    );
    for (const { at, chargePoint, words, frame } of found.slice(0, shownOfEach))
      lines.push(`  ${at} ${chargePoint}: ${words}`, `    ${frame.length > 300 ? `${frame.slice(0, 300)}…` : frame}`);
    if (found.length > shownOfEach) lines.push(`  … and ${found.length - shownOfEach} more`);
  }
  return lines.join('\n');
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
