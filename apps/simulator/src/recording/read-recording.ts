import { isJsonObject, isOcppVersion, type JsonObject, ocppVersions } from '@ocpp-csms/ocpp';
import { parseDocument } from 'yaml';
import { type Answer, formatVersion, type Recording, type Side, type Step } from './recording.ts';

/** A recording that can not be played. `problems` has a line for each thing that is wrong. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'There is a problem' : `There are ${problems.length} problems`;
    super(`${count} in the recording:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Strict: throws `RecordingError` with everything that is wrong at once. */
export function readRecording(text: string): Recording {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0)
    throw new RecordingError(document.errors.map(({ message }) => `is not valid YAML: ${firstLine(message)}`));
  const reader = createReader();
  const recording = readContent(document.toJS(), reader);
  if (reader.problems.length > 0) throw new RecordingError(reader.problems);
  return recording;
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.replace(/:$/, '') ?? '';

interface Reader {
  readonly problems: string[];
  /** Notes the problem; the value is read on with `otherwise`, so that the others are found, too. */
  need<T>(value: T | undefined, path: string, expected: string, given: unknown, otherwise: T): T;
  /** Notes the members that no recording has. */
  only(object: JsonObject, path: string, known: readonly string[]): void;
}

function createReader(): Reader {
  const problems: string[] = [];
  return {
    problems,
    need(value, path, expected, given, otherwise) {
      if (value !== undefined) return value;
      problems.push(`${path}: must be ${expected} (${given === undefined ? 'is missing' : `is ${shortly(given)}`})`);
      return otherwise;
    },
    only(object, path, known) {
      for (const name of Object.keys(object)) {
        const full = path === '' ? name : `${path}.${name}`;
        if (!known.includes(name)) problems.push(`${full}: there is no such member; known are ${known.join(', ')}`);
      }
    },
  };
}

function readContent(content: unknown, reader: Reader): Recording {
  const all = reader.need(asObject(content), 'the file', 'a recording', content ?? 'empty', {});
  reader.only(all, '', ['recording', 'networkId', 'protocol', 'startedAt', 'steps']);
  const isOurs = all.recording === formatVersion ? true : undefined;
  reader.need(isOurs, 'recording', `${formatVersion}, the version of this format`, all.recording, true);
  const { networkId, protocol, startedAt, steps } = all;
  return {
    networkId: reader.need(asName(networkId), 'networkId', 'a text of 1 to 48 characters', networkId, ''),
    protocol: reader.need(asVersion(protocol), 'protocol', `one of ${ocppVersions.join(', ')}`, protocol, 'ocpp1.6'),
    startedAt: reader.need(asTime(startedAt), 'startedAt', 'a time such as 2026-01-02T03:04:05.000Z', startedAt, ''),
    steps: readSteps(steps, reader),
  };
}

function readSteps(value: unknown, reader: Reader): Step[] {
  const list = reader.need(asFilledList(value), 'steps', 'a list of at least one step', value, []);
  const steps = list.map((step, index) => readStep(step, `steps[${index}]`, reader));
  steps.forEach(({ at }, index) => {
    const before = steps[index - 1]?.at ?? 0;
    if (at < before) reader.problems.push(`steps[${index}].at: is before the step above it (${at} after ${before})`);
  });
  return steps;
}

function readStep(value: unknown, path: string, reader: Reader): Step {
  const step = reader.need(asObject(value), path, 'a step with at, from, action and payload', value, {});
  reader.only(step, path, ['at', 'from', 'action', 'payload', 'answer', 'reconnects']);
  const { at, from, action, payload, answer, reconnects } = step;
  const isTrue = reconnects === undefined || reconnects === true ? true : undefined;
  reader.need(isTrue, `${path}.reconnects`, 'true, or not there', reconnects, true);
  return {
    at: reader.need(asSeconds(at), `${path}.at`, 'seconds after the start', at, Number.NaN),
    from: reader.need(asSide(from), `${path}.from`, 'charge-point or csms', from, 'csms'),
    action: reader.need(asWord(action), `${path}.action`, 'the name of an action', action, ''),
    payload: reader.need(asObject(payload), `${path}.payload`, 'an object', payload, {}),
    ...(answer === undefined ? {} : { answer: readAnswer(answer, `${path}.answer`, reader) }),
    ...(reconnects === true ? { reconnects } : {}),
  };
}

function readAnswer(value: unknown, path: string, reader: Reader): Answer {
  const answer = reader.need(asObject(value), path, 'an object with result or error', value, { result: {} });
  reader.only(answer, path, ['result', 'error']);
  const { result, error } = answer;
  if (error === undefined) return { result: reader.need(asObject(result), `${path}.result`, 'an object', result, {}) };
  const isAlone = result === undefined ? true : undefined;
  reader.need(isAlone, path, 'either result or error', 'both', true);
  const object = reader.need(asObject(error), `${path}.error`, 'an object with code and description', error, {});
  reader.only(object, `${path}.error`, ['code', 'description']);
  const { code, description = '' } = object;
  return {
    error: {
      code: reader.need(asWord(code), `${path}.error.code`, 'an error code', code, ''),
      description: reader.need(asText(description), `${path}.error.description`, 'a text', description, ''),
    },
  };
}

const asObject = (value: unknown): JsonObject | undefined => (isJsonObject(value) ? value : undefined);
const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const asWord = (value: unknown): string | undefined => (value === '' ? undefined : asText(value));
const asSide = (value: unknown): Side | undefined => (value === 'charge-point' || value === 'csms' ? value : undefined);
const asFilledList = (value: unknown): unknown[] | undefined =>
  Array.isArray(value) && value.length > 0 ? value : undefined;

function asName(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 48 ? value : undefined;
}

function asVersion(value: unknown): Recording['protocol'] | undefined {
  return typeof value === 'string' && isOcppVersion(value) ? value : undefined;
}

function asTime(value: unknown): string | undefined {
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value));
  return isTime ? value : undefined;
}

function asSeconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function shortly(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
