import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import { wrongUsage } from '../failure.ts';
import type { PayloadSchema } from './payload-schema.ts';

/** A member, or a place in a list. */
type Step = string | number;

const behindTheLast = -1;

/**
 * `connectorId=1 idTag=CARD-1`, `idToken.type=ISO14443`, `setVariableData[0].attributeValue=30`. What a value is, the
 * schema of the action says; `:=` in place of `=` is for JSON. A list takes one value after the other: `key=A key=B`.
 */
export function payloadFromPairs(words: readonly string[], schema: PayloadSchema | undefined): JsonObject {
  let payload: JsonObject = {};
  for (const word of words) {
    const [, path, colon, text] = /^([A-Za-z][\w.[\]]*)(:?)=(.*)$/s.exec(word) ?? [];
    if (path === undefined || text === undefined)
      throw wrongUsage(`${word} is neither JSON nor of the form key=value.`, 'For example: connectorId=1 idTag=CARD-1');
    const steps = stepsOf(path, word);
    const member = schema?.at(steps);
    const isItem = colon === '' && member?.type === 'array' && !text.startsWith('[');
    const value = colon === ':' ? fromJson(text, word) : typedValue(text, isItem ? member.at([0]) : member, word);
    const place = inserted(payload, isItem ? [...steps, behindTheLast] : steps, value, word);
    if (isJsonObject(place)) payload = place;
  }
  return payload;
}

/** A payload as a whole. */
export function payloadFromJson(text: string): JsonObject {
  const value = fromJson(text, 'the payload');
  if (!isJsonObject(value)) throw wrongUsage('The payload must be a JSON object: {…}.');
  return value;
}

function stepsOf(path: string, word: string): Step[] {
  return path.split('.').flatMap((part) => {
    const [, name, places = ''] = /^(\w+)((?:\[\d{1,4}\])*)$/.exec(part) ?? [];
    if (name === undefined || name === '__proto__')
      throw wrongUsage(`${word}: ${part} does not name a member of the payload.`);
    return [name, ...[...places.matchAll(/\d+/g)].map(([digits]) => Number(digits))];
  });
}

/** A copy with the value at its place. */
function inserted(place: unknown, [step, ...rest]: readonly Step[], value: unknown, word: string): unknown {
  if (step === undefined) return value;
  if (typeof step === 'string') {
    const object = place ?? {};
    if (!isJsonObject(object)) throw contradiction(word);
    return { ...object, [step]: inserted(object[step], rest, value, word) };
  }
  const list: unknown = place ?? [];
  if (!Array.isArray(list)) throw contradiction(word);
  const index = step === behindTheLast ? list.length : step;
  if (index > list.length) throw wrongUsage(`${word}: begin with the first of the list, which is [${list.length}].`);
  return Object.assign([...list], { [index]: inserted(list[index], rest, value, word) });
}

const contradiction = (word: string) => wrongUsage(`${word} contradicts what stands before it.`);

/** What does not fit is sent as a text: the CSMS says what is wrong with it. */
function typedValue(text: string, schema: PayloadSchema | undefined, word: string): unknown {
  switch (schema?.type) {
    case 'string':
      return text;
    case 'integer':
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
    case 'object':
      return fromJson(text, word);
    default:
      return jsonOrText(text);
  }
}

/** Where no schema says what it is. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fromJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongUsage(`This is not JSON (${what}): ${error instanceof Error ? error.message : String(error)}`);
  }
}
