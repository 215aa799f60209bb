import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import type { Answer } from './recording.ts';

/** Where an answer is not what it was. */
export interface AnswerDifference {
  /** JSON pointer into the payload of the answer; empty: the answer as a whole. */
  path: string;
  /** Undefined: it was not there. */
  recorded?: unknown;
  now?: unknown;
}

/** Each CSMS has its own, and they say nothing about what was decided. */
const valuesThatDiffer = new Set([
  'certificateChain',
  'currentTime',
  'exiResponse',
  'interval',
  'nextPollInterval',
  'ocspResult',
  'transactionId',
]);

/** Optional, and of no consequence for what the charge point does. */
const ofNoConsequence = new Set([
  'cacheExpiryDateTime',
  'customData',
  'expiryDate',
  'personalMessage',
  'personalMessageExtra',
  'statusInfo',
  'updatedPersonalMessage',
  'updatedPersonalMessageExtra',
]);

/** `redact` writes it; it stands for whatever was there. */
const hidden = '***';

/** `now` undefined: no answer came, and `why` in words. */
export function compareAnswers(recorded: Answer, now: Answer | undefined, why = 'no answer'): AnswerDifference[] {
  if (now === undefined) return [{ path: '', recorded: kindOf(recorded), now: why }];
  if ('result' in recorded && 'result' in now) return compareObjects(recorded.result, now.result, '');
  const [before, after] = [kindOf(recorded), kindOf(now)];
  return before === after ? [] : [{ path: '', recorded: before, now: after }];
}

/** 1.6 spells two codes in its own way, and many write them as 2.x does (J16 errata 5.1, 5.2). */
function kindOf(answer: Answer): string {
  if ('result' in answer) return 'CALLRESULT';
  const code = answer.error.code.replace(/^FormationViolation$/, 'FormatViolation').replace(/^Occure/, 'Occurre');
  return `CALLERROR ${code}`;
}

function compareObjects(recorded: JsonObject, now: JsonObject, path: string): AnswerDifference[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(now)]);
  return [...names]
    .filter((name) => !ofNoConsequence.has(name))
    .flatMap((name) => compareMembers(name, recorded[name], now[name], `${path}/${name}`));
}

function compareMembers(name: string, recorded: unknown, now: unknown, path: string): AnswerDifference[] {
  const areBoth = recorded !== undefined && now !== undefined;
  return areBoth && valuesThatDiffer.has(name) ? [] : compareValues(recorded, now, path);
}

function compareValues(recorded: unknown, now: unknown, path: string): AnswerDifference[] {
  if (isJsonObject(recorded) && isJsonObject(now)) return compareObjects(recorded, now, path);
  if (Array.isArray(recorded) && Array.isArray(now)) {
    const longest = recorded.length > now.length ? recorded : now;
    return longest.flatMap((_, index) => compareValues(recorded[index], now[index], `${path}/${index}`));
  }
  if (recorded === now || (recorded === hidden && now !== undefined)) return [];
  return [{ path, recorded, now }];
}

export function differenceText({ path, recorded, now }: AnswerDifference): string {
  if (path === '') return `recorded ${String(recorded)}, now ${String(now)}`;
  const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  return `${path} recorded ${shown(recorded)}, now ${shown(now)}`;
}
