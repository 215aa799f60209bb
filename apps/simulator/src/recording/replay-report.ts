import { differenceText } from './compare-answers.ts';
import type { Recording } from './recording.ts';
import type { Replay } from './replay.ts';

const shownDifferences = 50;

/** For people: where the answers differ, and what else is worth knowing. */
export function replayText(played: Replay, { networkId, protocol, startedAt }: Recording): string {
  const { ending, differences, notes, sent, messages, compared } = played;
  const how = `Replay${ending === 'played' ? '' : ', ended early'}: ${countText(differences.length)}`;
  const counts = `messages sent: ${sent} of ${messages}, answers compared: ${compared}`;
  const lines = [`${how}. ${networkId} of ${startedAt} (${protocol}), ${counts}.`];
  for (const difference of differences.slice(0, shownDifferences)) {
    const { step, at, action } = difference;
    lines.push(`  step ${step}, ${at} s, ${action}: ${differenceText(difference)}`);
  }
  if (differences.length > shownDifferences) lines.push(`  … and ${differences.length - shownDifferences} more`);
  return [...lines, ...notes.map((note) => `  Note: ${note}`)].join('\n');
}

function countText(differences: number): string {
  if (differences === 0) return 'no difference';
  return differences === 1 ? '1 difference' : `${differences} differences`;
}
