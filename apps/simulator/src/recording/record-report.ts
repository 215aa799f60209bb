import type { Recorded } from './record.ts';

const shownLines = 20;

/** For people: what was recorded, and every line that was not. */
export function recordText({ recording, leftOut, otherLines, guessed }: Recorded): string {
  const { networkId, protocol, startedAt, steps } = recording;
  const own = steps.filter(({ from }) => from === 'charge-point').length;
  const lines = [
    `${networkId}, ${protocol}, ${steps.at(-1)?.at ?? 0} s from ${startedAt}. CALLs of the charge point: ${own}, of the CSMS: ${steps.length - own}.`,
  ];
  for (const [why, found] of Map.groupBy(leftOut, ({ why: reason }) => reason))
    lines.push(`  Left out, ${why}: ${lineList(found.map(({ line }) => line))}`);
  if (guessed.length > 0) lines.push(`  Taken as of the charge point, for nothing tells it: ${lineList(guessed)}`);
  if (otherLines.length > 0) lines.push(`  Without an OCPP message: ${lineList(otherLines)}`);
  const isOpen = steps.filter(({ from, answer }) => from === 'charge-point' && answer === undefined);
  if (isOpen.length > 0) lines.push(`  CALLs of the charge point without an answer in the log: ${isOpen.length}`);
  return lines.join('\n');
}

/** `3 lines (1-2, 7)` */
function lineList(lines: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const line of new Set(lines)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  const shown = ranges.slice(0, shownLines).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  const more = ranges.length > shownLines ? ', …' : '';
  return `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} (${shown.join(', ')}${more})`;
}
