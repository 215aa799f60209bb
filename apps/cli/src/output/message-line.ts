import { isJsonObject } from '@ocpp-csms/ocpp';
import type { LoggedMessage } from '../connection/answers.ts';
import { printable, printableJson } from './printable.ts';
import type { Style, Terminal } from './terminal.ts';
import { fitted, padded, textWidth } from './text-width.ts';
import { localTimeOfDay } from './time.ts';

/** OCPP-J message types. */
const callResult = 3;
const callError = 4;
const callResultError = 5;
const send = 6;
const unreadable = 0;

/** Less of it says nothing. */
const leastPayload = 8;

/** A message fitted to the screen; elsewhere at full length. */
export function messageLine(message: LoggedMessage, terminal: Terminal, now: Date): string {
  const { client, origin, messageTime } = message;
  const isIn = origin === 'client';
  const head = `${localTimeOfDay(messageTime, now)} ${padded(printable(client), 10)} ${isIn ? '→' : '←'} `;
  const kind = kindOf(message);
  const outcome = outcomeOf(message);
  const payload = printableJson(JSON.stringify(message.body.messageBody ?? message.raw ?? null));
  const behind = outcome.text === '' ? '' : ` ${terminal.paint(outcome.style, outcome.text)}`;
  const taken = textWidth(head) + textWidth(kind) + (outcome.text === '' ? 0 : textWidth(outcome.text) + 1);
  const room = terminal.columns - taken - 1;
  const shown = payload === '{}' || room < leastPayload ? '' : ` ${fitted(payload, room)}`;
  return [terminal.paint('dim', head), terminal.paint(styleOf(message), kind), shown, behind].join('');
}

function kindOf({ body: { direction, messageType } }: LoggedMessage): string {
  const action = printable(messageType);
  if (direction === callResult) return `answer to ${action}`;
  if (direction === callError || direction === callResultError) return `error to ${action}`;
  if (direction === unreadable) return 'not readable';
  return direction === send ? `${action} (send)` : action;
}

function styleOf({ origin, body: { direction } }: LoggedMessage): Style {
  if ([callError, callResultError, unreadable].includes(direction)) return 'red';
  return origin === 'client' ? 'cyan' : 'magenta';
}

/** What it was answered with, how soon, and what was not as it should be. */
function outcomeOf({ answer, latencyMs, dropped, deviations = [] }: LoggedMessage): { text: string; style: Style } {
  const isError = answer?.direction === callError || answer?.direction === callResultError;
  const parts = [
    answer === undefined ? '' : `⇒ ${answerWords(answer.messageBody)}`,
    latencyMs === undefined ? '' : `${latencyMs} ms`,
    dropped === undefined ? '' : `not sent: ${printable(dropped)}`,
    deviations.length === 0 ? '' : `! ${[...new Set(deviations.map(({ rule }) => printable(rule)))].join(' ')}`,
  ].filter((part) => part !== '');
  const style = isError || dropped !== undefined ? 'red' : deviations.length > 0 ? 'yellow' : 'green';
  return { text: parts.join(' '), style };
}

/** The word that matters. */
function answerWords(body: unknown): string {
  if (!isJsonObject(body)) return 'answered';
  const info = body.idTagInfo ?? body.idTokenInfo;
  const word = body.status ?? (isJsonObject(info) ? info.status : undefined) ?? body.errorCode;
  return typeof word === 'string' ? printable(word) : 'answered';
}
