import type { TSchema } from 'typebox';

export interface Problem {
  path: readonly (string | number)[];
  words: string;
}

/** The part of JSON schema that scenarios need. */
interface Schema extends TSchema {
  type?: string;
  enum?: readonly string[];
  pattern?: string;
  description?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
}

/** Adds a problem for each thing that is wrong, in words for the writer of the file. */
export function checkSchema(schema: Schema, value: unknown, path: Problem['path'], problems: Problem[]): void {
  const add = (words: string, at = path) => problems.push({ path: at, words });
  if (schema.type === 'object') checkObject(schema, value, path, problems);
  else if (schema.type === 'array') {
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = {} } = schema;
    if (!Array.isArray(value) || value.length < minItems || value.length > maxItems)
      add(`${label(path)}must be a list${minItems > 0 ? ' that is not empty' : ''}${is(value)}`);
    else for (const [index, item] of value.entries()) checkSchema(items, item, [...path, index], problems);
  } else if (!fits(schema, value)) add(`${label(path)}must be ${expectation(schema)}${is(value)}`);
}

function checkObject(schema: Schema, value: unknown, path: Problem['path'], problems: Problem[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({ path, words: `${label(path)}must have keys with values${is(value)}` });
    return;
  }
  const { properties = {}, required = [] } = schema;
  for (const [key, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known !== undefined) checkSchema(known, member, [...path, key], problems);
    else
      problems.push({
        path: [...path, key],
        words: `there is no ${key} here; there is ${list(Object.keys(properties))}`,
      });
  }
  for (const key of required)
    if (!Object.hasOwn(value, key)) problems.push({ path: [...path, key], words: `${key} is missing` });
}

function fits(schema: Schema, value: unknown): boolean {
  if (schema.enum !== undefined) return typeof value === 'string' && schema.enum.includes(value);
  if (schema.type === 'boolean') return typeof value === 'boolean';
  if (schema.type === 'integer') {
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
    return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
  }
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern = '' } = schema;
  return (
    typeof value === 'string' &&
    value.length >= minLength &&
    value.length <= maxLength &&
    new RegExp(pattern).test(value)
  );
}

function expectation({ enum: values, type, description, minimum, maximum, minLength, maxLength }: Schema): string {
  if (values !== undefined) return `one of ${list(values)}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  return description ?? `a text of ${minLength} to ${maxLength} characters`;
}

const list = (names: readonly string[]) => names.join(', ');

function label(path: Problem['path']): string {
  const key = path.findLast((step) => typeof step === 'string');
  return key === undefined ? '' : `${key}: `;
}

function is(value: unknown): string {
  if (value === undefined || value === null) return ' (is empty)';
  const text = JSON.stringify(value);
  return ` (is ${text.length > 60 ? `${text.slice(0, 60)}…` : text})`;
}
