import type { SettingSchema } from './schema.ts';
import { isSecretPath, masked } from './secrets.ts';

/** Where a value came from, for the message: a variable, or nothing for the file. */
export interface Origin {
  label?: string;
}

/** Checks a value against its schema and adds a line for each thing that is wrong. */
export function checkValue(
  schema: SettingSchema,
  value: unknown,
  path: string,
  origin: Origin,
  problems: string[],
): void {
  if (schema.type === 'object') checkObject(schema, value, path, origin, problems);
  else if (schema.type === 'array') checkArray(schema, value, path, origin, problems);
  else if (!fits(schema, value)) {
    problems.push(`${path}: must be ${expectation(schema)} (is ${shown(path, value)}${from(origin)})`);
  }
}

function checkObject(schema: SettingSchema, value: unknown, path: string, origin: Origin, problems: string[]): void {
  if (!isPlainObject(value)) {
    problems.push(`${path}: must be a group of settings (is ${shown(path, value)}${from(origin)})`);
    return;
  }
  const properties = schema.properties ?? {};
  for (const [key, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known) checkValue(known, member, join(path, key), origin, problems);
    else problems.push(unknownKey(path, key, Object.keys(properties), origin));
  }
  for (const key of schema.required ?? []) {
    const hasDefault = properties[key]?.type === 'object' || properties[key]?.default !== undefined;
    if (!hasDefault && !Object.hasOwn(value, key)) problems.push(`${join(path, key)}: is missing${inBrackets(origin)}`);
  }
}

function checkArray(schema: SettingSchema, value: unknown, path: string, origin: Origin, problems: string[]): void {
  if (!Array.isArray(value)) {
    problems.push(`${path}: must be a list (is ${shown(path, value)}${from(origin)})`);
    return;
  }
  if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY)) {
    problems.push(`${path}: must not have more than ${schema.maxItems} entries (has ${value.length}${from(origin)})`);
    return;
  }
  const items = schema.items;
  if (!items) return;
  value.forEach((item, index) => {
    checkValue(items, item, `${path}[${index}]`, origin, problems);
  });
}

function fits(schema: SettingSchema, value: unknown): boolean {
  if (schema.enum) return typeof value === 'string' && schema.enum.includes(value);
  if (schema.type === 'boolean') return typeof value === 'boolean';
  if (schema.type === 'integer') return Number.isSafeInteger(value) && within(value as number, schema);
  return typeof value === 'string' && fitsText(value, schema);
}

const within = (value: number, { minimum = -Infinity, maximum = Infinity }: SettingSchema): boolean =>
  value >= minimum && value <= maximum;

function fitsText(value: string, { minLength = 0, maxLength = Infinity, pattern }: SettingSchema): boolean {
  return (
    value.length >= minLength && value.length <= maxLength && (pattern === undefined || new RegExp(pattern).test(value))
  );
}

function expectation(schema: SettingSchema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number between ${schema.minimum} and ${schema.maximum}`;
  if (schema.minLength) return `a text of at least ${schema.minLength} characters`;
  return schema.pattern ? `a text of the form ${schema.pattern}` : `a text of at most ${schema.maxLength} characters`;
}

function shown(path: string, value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (isSecretPath(path)) {
    return typeof value === 'string' ? `a text of ${value.length}` : `a ${typeof value}`;
  }
  const text = JSON.stringify(masked(value, path));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const from = ({ label }: Origin): string => (label ? `, ${label}` : '');

const inBrackets = ({ label }: Origin): string => (label ? ` (${label})` : '');

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key);

function unknownKey(path: string, key: string, known: readonly string[], origin: Origin): string {
  return `${join(path, key)}: there is no such setting${inBrackets(origin)}${suggestion(key, known)}`;
}

/** `. Did you mean "port"?`, or nothing when no name is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const nearest = known
    .map((name) => ({ name, steps: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps)[0];
  const near = nearest && nearest.steps <= Math.max(2, Math.floor(word.length / 3));
  return near ? `. Did you mean ${nearest.name}?` : '';
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(replace, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
