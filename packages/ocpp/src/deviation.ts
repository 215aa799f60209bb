import { cut } from './text.ts';

/** One departure of a message from the specification, and what was made of it; words for an operator. */
export interface Deviation {
  /** 'frame', 'type', 'unknown-member', 'missing', 'null', 'enum', 'too-long', 'format', 'range', 'bad-element', … */
  readonly rule: string;
  /** JSON pointer into the payload; into the frame when the rule is 'frame'. */
  readonly path: string;
  /** "number 3 taken as text", "dropped", "kept as it is". */
  readonly made: string;
  /** The original, shortened. */
  readonly value?: unknown;
}

const longestValue = 200;

const tooDeep = 'nested too deeply to be shown';

/** Short enough to be kept with every message. */
export function shortValue(value: unknown): unknown {
  if (typeof value === 'string') return shortText(value);
  if (typeof value !== 'object' || value === null) return value;
  const text = jsonOf(value);
  return text.length <= longestValue && text !== tooDeep ? value : shortText(text);
}

/** A frame of nothing but brackets is deeper than `JSON.stringify` can go. */
function jsonOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return tooDeep;
  }
}

function shortText(text: string): string {
  return text.length <= longestValue ? text : `${cut(text, longestValue)}…`;
}
