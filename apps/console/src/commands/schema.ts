/** The part of JSON Schema that OCPP uses. */
export interface Schema {
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  enum?: readonly string[];
  maxLength?: number;
  format?: string;
  minimum?: number;
  maximum?: number;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  definitions?: Readonly<Record<string, Schema>>;
}

const definitionsAt = '#/definitions/';

/** Follows a `$ref` to its definition in `root`. */
export function resolved(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return root.definitions?.[schema.$ref.slice(definitionsAt.length)] ?? {};
}

/** The members of an object: those that must be there first. What vendors add is written as JSON, not in a form. */
export function membersOf(schema: Schema): { name: string; schema: Schema; isRequired: boolean }[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== 'customData')
    .map(([name, own]) => ({ name, schema: own, isRequired: required.has(name) }))
    .toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

/** What stands there at first: all that must be there, and no more. */
export function firstValueOf(schema: Schema, root: Schema): unknown {
  const own = resolved(schema, root);
  if (own.enum !== undefined) return own.enum[0];
  switch (own.type) {
    case 'object':
      return Object.fromEntries(
        membersOf(own)
          .filter(({ isRequired }) => isRequired)
          .map(({ name, schema: member }) => [name, firstValueOf(member, root)]),
      );
    case 'array':
      return Array.from({ length: own.minItems ?? 0 }, () => firstValueOf(own.items ?? {}, root));
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return own.minimum ?? 0;
    default:
      return '';
  }
}

export interface Violation {
  /** `setVariableData[0].component.name` */
  path: string;
  message: string;
}

/** What does not fit, while somebody types; the system looks at it again before it is sent. */
export function violationsOf(value: unknown, schema: Schema, root: Schema = schema, path = ''): Violation[] {
  const own = resolved(schema, root);
  const wrong = (message: string): Violation[] => [{ path, message }];
  switch (own.type) {
    case 'object':
      return isRecord(value) ? violationsIn(value, own, root, path) : wrong('must be an object');
    case 'array':
      return Array.isArray(value) ? violationsAmong(value, own, root, path) : wrong('must be a list');
    case 'string':
      return typeof value === 'string' ? wrongTexts(value, own).flatMap(wrong) : wrong('must be a text');
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('must be true or false');
    case 'integer':
    case 'number':
      return typeof value === 'number' ? wrongNumbers(value, own).flatMap(wrong) : wrong('must be a number');
    default:
      return [];
  }
}

function violationsIn(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  root: Schema,
  path: string,
): Violation[] {
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path: below(name), message: 'must be there' }));
  const members = Object.entries(value).flatMap(([name, member]) => {
    const own =
      schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (own === undefined) return [{ path: below(name), message: 'is not known' }];
    return violationsOf(member, own, root, below(name));
  });
  return [...missing, ...members];
}

function violationsAmong(value: readonly unknown[], schema: Schema, root: Schema, path: string): Violation[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = {} } = schema;
  const size =
    value.length < minItems
      ? `needs at least ${minItems}`
      : value.length > maxItems
        ? `takes at most ${maxItems}`
        : undefined;
  return [
    ...(size === undefined ? [] : [{ path, message: size }]),
    ...value.flatMap((item, index) => violationsOf(item, items, root, `${path}[${index}]`)),
  ];
}

function wrongTexts(value: string, { enum: allowed, maxLength, format }: Schema): string[] {
  if (allowed !== undefined && !allowed.includes(value)) return [`must be one of ${allowed.join(', ')}`];
  if (maxLength !== undefined && value.length > maxLength) return [`takes at most ${maxLength} characters`];
  if (format === 'date-time' && Number.isNaN(Date.parse(value)))
    return ['must be a time, such as 2026-01-02T03:04:05Z'];
  return [];
}

function wrongNumbers(value: number, { type, minimum, maximum }: Schema): string[] {
  if (!Number.isFinite(value)) return ['must be a number'];
  if (type === 'integer' && !Number.isInteger(value)) return ['must be a whole number'];
  if (minimum !== undefined && value < minimum) return [`must be at least ${minimum}`];
  if (maximum !== undefined && value > maximum) return [`must be at most ${maximum}`];
  return [];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
