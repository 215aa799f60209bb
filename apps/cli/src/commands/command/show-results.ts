import { isJsonObject } from '@ocpp-csms/ocpp';
import type { Context } from '../../context.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { refusalsIn } from '../../ocpp/refusals.ts';
import { jsonDocument, jsonLine } from '../../output/json.ts';
import { printable } from '../../output/printable.ts';
import type { Style } from '../../output/terminal.ts';
import { padded, textWidth } from '../../output/text-width.ts';
import type { SentCommand } from './send.ts';

/** `waiting`: nobody knows yet. `lost`: nobody will ever know, or not before the charge point says it. */
type Outcome = 'yes' | 'no' | 'waiting' | 'lost';

export function outcomeOf({ status, response }: SentCommand): Outcome {
  switch (status) {
    case 'answered':
      return refusalsIn(response).length === 0 ? 'yes' : 'no';
    case 'queued':
    case 'sent':
      return 'waiting';
    case 'timed-out':
    case 'unknown':
      return 'lost';
    default:
      return 'no';
  }
}

/** `mayWait`: it was said that the command may wait for the charge point. */
export function exitCodeOfResults(results: readonly SentCommand[], { mayWait }: { mayWait: boolean }): ExitCode {
  const outcomes = results.map(outcomeOf);
  if (results.length === 0 || outcomes.includes('no')) return exitCodes.failed;
  if (outcomes.includes('lost') || (outcomes.includes('waiting') && !mayWait)) return exitCodes.outcomeUnknown;
  return exitCodes.ok;
}

const styles: Readonly<Record<Outcome, Style>> = { yes: 'green', no: 'red', waiting: 'yellow', lost: 'yellow' };

export async function showResults(
  results: readonly SentCommand[],
  { json }: { json?: boolean },
  { terminal, calledAs }: Pick<Context, 'terminal' | 'calledAs'>,
): Promise<void> {
  if (json) {
    for (const result of results) await terminal.out(jsonLine(result));
    return;
  }
  if (results.length === 0) terminal.note('No charge point was found for it.');
  const width = Math.max(0, ...results.map(({ chargePoint }) => textWidth(printable(chargePoint))));
  for (const result of results) {
    const name = padded(printable(result.chargePoint), width);
    const words = printable(wordsOf(result));
    await terminal.out(
      `${name}  ${terminal.paint(styles[outcomeOf(result)], words)}${detailsOf(result, results.length)}`,
    );
  }
  const pending = results.filter((result) => outcomeOf(result) === 'waiting' && result.commandId !== undefined);
  for (const { commandId } of pending) terminal.note(`What becomes of it: ${calledAs} command --result ${commandId}`);
}

function wordsOf({ status, response, error }: SentCommand): string {
  if (status === 'answered')
    return isJsonObject(response) && typeof response.status === 'string' ? response.status : 'answered';
  if (status === 'queued') return 'queued: it is sent when the charge point connects, if that is in time';
  if (status === 'sent') return 'sent, and not answered yet';
  return error === undefined ? status : `${status}: ${error.description || error.code}`;
}

/** The rest of the answer, of one charge point laid out, of several in a line. */
function detailsOf({ response }: SentCommand, count: number): string {
  if (!isJsonObject(response)) return '\n';
  const { status, ...rest } = response;
  const shown = typeof status === 'string' ? rest : response;
  if (Object.keys(shown).length === 0) return '\n';
  if (count > 1) return `  ${jsonLine(shown)}`;
  return `\n${jsonDocument(shown)}`;
}
