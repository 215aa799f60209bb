import { formats } from '../src/validate/formats.ts';
import type { Definitions, Schema, SchemaFile } from '../src/validate/schema.ts';
import { banner } from './banner.ts';

/**
 * Writes `validators.js`: one yes-or-no function per request and response. They answer for the common case, the exactly
 * valid message; what is wrong with the others is found by walking the schema (`src/validate/`), in words.
 *
 * ajv's standalone code was measured first: ten times the size, for error objects that nobody reads. The tests compare
 * these functions with ajv over generated payloads.
 */
export function renderValidators(file: SchemaFile): string {
  const writer = new ValidatorWriter();
  writer.addDefinitions(file.definitions);
  const requests = writer.addTable('requests', 'Request', file.requests);
  const responses = writer.addTable('responses', 'Response', file.responses);
  return [banner, helpers(), ...writer.constants, ...writer.functions, requests, responses].join('\n');
}

/** Types for the functions, so that nothing of the generated code is `any`. */
export function renderValidatorTypes(): string {
  return [
    banner,
    '/** Tells whether a payload is exactly valid. Text is measured in UTF-16 units: a "no" may be too strict there. */',
    'export type IsValid = (payload: unknown) => boolean;',
    'export const requests: Readonly<Record<string, IsValid>>;',
    'export const responses: Readonly<Record<string, IsValid>>;',
    '',
  ].join('\n');
}

function helpers(): string {
  const patterns = Object.entries(formats).map(([name, pattern]) => `const ${formatName(name)} = ${pattern};\n`);
  return `${patterns.join('')}
function isObject(v) { return typeof v === 'object' && v !== null && !Array.isArray(v); }
// 16.1 is no multiple of 0.1 in binary arithmetic, and still a legal limit.
function isMultiple(v, step) { const times = v / step; return Math.abs(times - Math.round(times)) < 1e-6; }
`;
}

function formatName(format: string): string {
  return `is_${format.replace('-', '_')}`;
}

/** Collects the functions of one file; equal objects and equal lists of values are written once. */
class ValidatorWriter {
  readonly constants: string[] = [];
  readonly functions: string[] = [];
  readonly #scalars = new Map<string, Schema>();
  readonly #names = new Map<string, string>();

  /** Objects become functions; the other definitions (lists of values) are written where they are used. */
  addDefinitions(definitions: Definitions): void {
    const all = Object.entries(definitions);
    for (const [name, schema] of all) if (schema.type !== 'object') this.#scalars.set(name, schema);
    for (const [name, schema] of all) if (schema.type === 'object') this.#addFunction(name, schema);
  }

  addTable(name: string, suffix: string, schemas: Record<string, Schema>): string {
    const entries = Object.entries(schemas).map(([action, schema]) => {
      return `  ${action}: ${this.#functionFor(action + suffix, schema)},\n`;
    });
    return `export const ${name} = {\n  __proto__: null,\n${entries.join('')}};\n`;
  }

  /**
   * An object is valid when each member is, and when there are no members but those that were counted. A member that is
   * present with the value `undefined` spoils the count; the walk through the schema puts that right.
   */
  #addFunction(name: string, schema: Schema): void {
    const isClosed = schema.additionalProperties === false;
    const lines = Object.entries(schema.properties ?? {}).map(([member, memberSchema]) => {
      const check = this.#check(memberSchema, `${name}_${member}`);
      const count = isClosed ? ' n++;' : '';
      if (schema.required?.includes(member)) return `  v = o.${member}; if (!(${check})) return false;${count}\n`;
      return `  v = o.${member}; if (v !== undefined) { if (!(${check})) return false;${count} }\n`;
    });
    const end = isClosed ? '  for (const _ in o) n--;\n  return n === 0;\n' : '  return true;\n';
    this.functions.push(
      `function ${name}(o) {\n  if (!isObject(o)) return false;\n  let v${isClosed ? ', n = 0' : ''};\n${lines.join('')}${end}}\n`,
    );
  }

  #functionFor(name: string, schema: Schema): string {
    const key = JSON.stringify(schema);
    const known = this.#names.get(key);
    if (known) return known;
    this.#names.set(key, name);
    this.#addFunction(name, schema);
    return name;
  }

  /** An expression that tells whether the variable `v` is valid. */
  #check(schema: Schema, name: string): string {
    if (schema.$ref) return this.#checkReference(schema.$ref.slice('#/definitions/'.length), name);
    if (schema.enum) return `${this.#constantFor(schema.enum)}.has(v)`;
    switch (schema.type) {
      case 'object':
        return `${this.#functionFor(name, schema)}(v)`;
      case 'array':
        return this.#checkArray(schema, name);
      case 'string':
        return checkString(schema);
      case 'integer':
      case 'number':
        return checkNumber(schema);
      case 'boolean':
        return `typeof v === 'boolean'`;
      default:
        return 'v !== undefined';
    }
  }

  #checkReference(definition: string, name: string): string {
    const scalar = this.#scalars.get(definition);
    return scalar ? this.#check(scalar, name) : `${definition}(v)`;
  }

  #checkArray(schema: Schema, name: string): string {
    const items = this.#check(schema.items ?? {}, `${name}_item`);
    const parts = ['Array.isArray(v)'];
    if (schema.minItems) parts.push(`v.length >= ${schema.minItems}`);
    if (schema.maxItems !== undefined) parts.push(`v.length <= ${schema.maxItems}`);
    const isCall = /^(\w+)\(v\)$/.exec(items);
    parts.push(`v.every(${isCall?.[1] ?? `(v) => ${items}`})`);
    return parts.join(' && ');
  }

  #constantFor(values: readonly string[]): string {
    const key = JSON.stringify(values);
    const known = this.#names.get(key);
    if (known) return known;
    const name = `e${this.constants.length}`;
    this.#names.set(key, name);
    this.constants.push(`const ${name} = new Set(${key});`);
    return name;
  }
}

function checkString({ maxLength, format }: Schema): string {
  const parts = [`typeof v === 'string'`];
  if (maxLength !== undefined) parts.push(`v.length <= ${maxLength}`);
  if (format !== undefined) parts.push(`${formatName(format)}.test(v)`);
  return parts.join(' && ');
}

function checkNumber({ type, minimum, maximum, multipleOf }: Schema): string {
  const parts = [type === 'integer' ? 'Number.isInteger(v)' : 'Number.isFinite(v)'];
  if (minimum !== undefined) parts.push(`v >= ${minimum}`);
  if (maximum !== undefined) parts.push(`v <= ${maximum}`);
  if (multipleOf !== undefined) parts.push(`isMultiple(v, ${multipleOf})`);
  return parts.join(' && ');
}
