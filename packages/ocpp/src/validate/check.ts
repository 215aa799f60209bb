import type { RpcErrorCode } from '../errors.ts';
import { isJsonObject } from '../json.ts';
import { formats } from './formats.ts';
import { type Definitions, resolve, type Schema } from './schema.ts';

/** One thing that is not as the schema says, in words for an operator. */
export interface Violation {
  /** JSON pointer into the payload. */
  readonly path: string;
  readonly rule: string;
  /** "connectorId must be an integer". */
  readonly message: string;
}

/** What a violation is called on the wire. */
const codes: Record<string, RpcErrorCode> = {
  type: 'TypeConstraintViolation',
  missing: 'OccurrenceConstraintViolation',
  'too-few': 'OccurrenceConstraintViolation',
  'too-many': 'OccurrenceConstraintViolation',
  'unknown-member': 'FormatViolation',
};

export function codeOf({ rule, path }: Violation): RpcErrorCode {
  if (path === '' && rule === 'type') return 'FormatViolation';
  return codes[rule] ?? 'PropertyConstraintViolation';
}

/** A payload of a million wrong elements needs no million sentences. */
const mostViolations = 50;

/** Everything that is wrong with a payload; empty when it is exactly valid. */
export function check(schema: Schema, payload: unknown, definitions: Definitions): readonly Violation[] {
  const violations: Violation[] = [];
  visit(schema, payload, '');
  return violations;

  function visit(unresolved: Schema, value: unknown, path: string): void {
    if (violations.length >= mostViolations) return;
    const schema = resolve(unresolved, definitions);
    if (!isOfType(schema, value)) {
      add(path, 'type', `must be ${typeName(schema)}`);
      return;
    }
    for (const { rule, says } of complaints(schema, value)) add(path, rule, says);
    if (Array.isArray(value)) visitItems(schema.items ?? {}, value, path);
    else if (isJsonObject(value)) visitMembers(schema, value, path);
  }

  function visitItems(items: Schema, values: readonly unknown[], path: string): void {
    for (const [index, value] of values.entries()) visit(items, value, `${path}/${index}`);
  }

  function visitMembers(schema: Schema, object: { [key: string]: unknown }, path: string): void {
    const properties = schema.properties ?? {};
    for (const name of schema.required ?? []) {
      if (object[name] === undefined) add(pointer(path, name), 'missing', 'is required');
    }
    for (const [name, value] of Object.entries(object)) {
      const member = Object.hasOwn(properties, name) ? properties[name] : undefined;
      // `undefined` does not reach the wire: JSON.stringify leaves it out.
      if (value === undefined) continue;
      if (member) visit(member, value, pointer(path, name));
      else if (schema.additionalProperties === false) add(pointer(path, name), 'unknown-member', 'is not known here');
    }
  }

  function add(path: string, rule: string, says: string): void {
    violations.push({ path, rule, message: `${nameOf(path)} ${says}` });
  }
}

/** Whether the value is of the JSON type that the schema asks for. */
export function isOfType({ type }: Schema, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case undefined:
      return true;
    default:
      return typeof value === type;
  }
}

export interface Complaint {
  readonly rule: 'enum' | 'too-long' | 'format' | 'range' | 'too-few' | 'too-many';
  readonly says: string;
}

/** What is wrong with a value that is of the right type, its members and elements aside. */
export function complaints(schema: Schema, value: unknown): Complaint[] {
  if (typeof value === 'string') return complaintsOfText(schema, value);
  if (typeof value === 'number') return complaintsOfNumber(schema, value);
  if (Array.isArray(value)) return complaintsOfList(schema, value.length);
  return [];
}

function complaintsOfText(schema: Schema, text: string): Complaint[] {
  const { maxLength, format } = schema;
  if (schema.enum && !schema.enum.includes(text)) return [{ rule: 'enum', says: oneOf(schema.enum) }];
  if (maxLength !== undefined && isLongerThan(text, maxLength)) {
    return [{ rule: 'too-long', says: `must not be longer than ${maxLength} characters` }];
  }
  if (format && formats[format]?.test(text) === false)
    return [{ rule: 'format', says: `must be ${formatNames[format]}` }];
  return [];
}

const formatNames: Record<string, string> = {
  'date-time': 'a time such as 2026-01-02T03:04:05Z',
  uri: 'a URL',
};

/** JSON Schema counts characters, not UTF-16 units. */
function isLongerThan(text: string, length: number): boolean {
  return text.length > length && (text.length > 2 * length || [...text].length > length);
}

function oneOf(values: readonly string[]): string {
  return values.length > 12
    ? `must be one of ${values.slice(0, 12).join(', ')}, …`
    : `must be one of ${values.join(', ')}`;
}

function complaintsOfNumber({ minimum, maximum, multipleOf }: Schema, number: number): Complaint[] {
  if (minimum !== undefined && number < minimum) return [{ rule: 'range', says: `must be at least ${minimum}` }];
  if (maximum !== undefined && number > maximum) return [{ rule: 'range', says: `must be at most ${maximum}` }];
  if (multipleOf !== undefined && !isMultiple(number, multipleOf)) {
    return [{ rule: 'range', says: `must be a multiple of ${multipleOf}` }];
  }
  return [];
}

/** 16.1 is no multiple of 0.1 in binary arithmetic, and still a legal limit. */
function isMultiple(number: number, step: number): boolean {
  const times = number / step;
  return Math.abs(times - Math.round(times)) < 1e-6;
}

function complaintsOfList({ minItems, maxItems }: Schema, length: number): Complaint[] {
  if (minItems !== undefined && length < minItems)
    return [{ rule: 'too-few', says: `must have at least ${minItems} element` }];
  if (maxItems !== undefined && length > maxItems)
    return [{ rule: 'too-many', says: `must have at most ${maxItems} elements` }];
  return [];
}

const typeNames: Record<NonNullable<Schema['type']>, string> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
};

export function typeName({ type }: Schema): string {
  return type ? typeNames[type] : 'a value';
}

export function pointer(path: string, name: string): string {
  return `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** "/meterValue/0/timestamp" reads better as "meterValue/0/timestamp". */
export function nameOf(path: string): string {
  return path === '' ? 'the payload' : path.slice(1, 120);
}
