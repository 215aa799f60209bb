import type { Schema } from './schema.ts';

export interface Coerced {
  readonly value: unknown;
  /** What was done, in words; absent when nothing was. */
  readonly made?: string;
}

/** Takes a value of the wrong type for one of the right type, where that can only mean one thing. */
export function coerce({ type }: Schema, value: unknown): Coerced | undefined {
  switch (type) {
    case 'string':
      return toText(value);
    case 'integer':
      return toInteger(value);
    case 'number':
      return toNumber(value);
    case 'boolean':
      return toBoolean(value);
    default:
      return undefined;
  }
}

function toText(value: unknown): Coerced | undefined {
  if (typeof value === 'boolean') return { value: String(value), made: `${value} taken as text` };
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  // Beyond 2^53 digits are already lost, and another id tag may have the same remaining ones.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return undefined;
  return { value: String(value), made: `number ${value} taken as text` };
}

/** Meters count in floating point; the register that is asked for is whole. */
function toInteger(value: unknown): Coerced | undefined {
  const number = toNumber(value);
  if (typeof number?.value !== 'number') return undefined;
  if (Number.isInteger(number.value)) return number;
  const rounded = Math.round(number.value);
  return { value: rounded, made: `${number.value} rounded to ${rounded}` };
}

function toNumber(value: unknown): Coerced | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? { value } : undefined;
  const number = typeof value === 'string' ? readNumber(value) : undefined;
  return number === undefined ? undefined : { value: number, made: `text taken as number ${number}` };
}

/** Stricter than `Number`, which makes 0 of '', and than `parseFloat`, which makes 12 of '12,5'. */
function readNumber(text: string): number | undefined {
  if (text.length > 40 || !/^\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function toBoolean(value: unknown): Coerced | undefined {
  if (value === 0 || value === 1) return { value: value === 1, made: `${value} taken as ${value === 1}` };
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (text !== 'true' && text !== 'false') return undefined;
  return { value: text === 'true', made: `text taken as ${text}` };
}
