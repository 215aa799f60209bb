import type { JsonSchema } from './document.ts';

/**
 * Writes JSON schemas as TypeScript. A schema of an object with a title becomes an interface of that name, once, and is
 * named wherever it stands.
 */
export interface SchemaTypes {
  /** The type of a value, as it stands at this depth of indentation. */
  typeOf(schema: JsonSchema, indent: string): string;
  /** All that had a title so far, in the order of the alphabet. */
  interfaces(): string[];
}

/** Throws when two different schemas have one title: a reader could not tell them apart. */
export function createSchemaTypes(): SchemaTypes {
  const named = new Map<string, { schema: string; text: string }>();

  function typeOf(schema: JsonSchema, indent: string): string {
    if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.anyOf) return unionOf(schema.anyOf.map((member) => typeOf(member, indent)));
    if (Array.isArray(schema.type)) return unionOf(schema.type.map((type) => typeOf({ ...schema, type }, indent)));
    switch (schema.type) {
      case 'object':
        return schema.title === undefined ? objectOf(schema, indent) : nameOf(schema.title, schema);
      case 'array':
        return arrayOf(typeOf(schema.items ?? {}, indent));
      case 'integer':
        return 'number';
      default:
        return schema.type ?? 'unknown';
    }
  }

  function nameOf(title: string, schema: JsonSchema): string {
    const known = named.get(title);
    const text = JSON.stringify(schema);
    if (known && known.schema !== text) throw new Error(`Two different schemas have the title ${title}.`);
    if (!known) {
      named.set(title, { schema: text, text: '' });
      named.set(title, { schema: text, text: `export interface ${title} ${objectOf(schema, '')}\n` });
    }
    return title;
  }

  function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema, indent: string): string {
    const inside = `${indent}  `;
    const members = Object.entries(properties).flatMap(([name, member]) => [
      ...commentOf(member.description, inside),
      `${inside}${keyOf(name)}${required.includes(name) ? '' : '?'}: ${typeOf(member, inside)};\n`,
    ]);
    if (members.length === 0) return `Record<string, ${membersOf(additionalProperties, indent)}>`;
    if (additionalProperties === true) members.push(`${inside}[member: string]: unknown;\n`);
    return `{\n${members.join('')}${indent}}`;
  }

  function membersOf(additional: boolean | JsonSchema | undefined, indent: string): string {
    if (additional === false) return 'never';
    return typeof additional === 'object' ? typeOf(additional, indent) : 'unknown';
  }

  return {
    typeOf,
    interfaces: () => [...named].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { text }]) => text),
  };
}

const unionOf = (types: readonly string[]): string => [...new Set(types)].join(' | ');

const arrayOf = (element: string): string => (element.includes(' | ') ? `(${element})[]` : `${element}[]`);

export const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

export function commentOf(text: string | undefined, indent: string): string[] {
  if (text === undefined || text === '') return [];
  return [`${indent}/** ${text.replaceAll('*/', '* /').replaceAll(/\s*\n\s*/g, ' ')} */\n`];
}
