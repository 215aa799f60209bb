import type { JsonObject } from '../json.ts';
import type { Definitions, Schema } from './schema.ts';

/** A schema that stands alone: it, and those definitions that it needs. */
export function expand(schema: Schema | undefined, definitions: Definitions): JsonObject | undefined {
  if (!schema) return undefined;
  const needed: Definitions = {};
  collect(schema, definitions, needed);
  return { ...schema, ...(Object.keys(needed).length > 0 && { definitions: needed }) };
}

function collect(schema: Schema, definitions: Definitions, needed: Definitions): void {
  if (schema.$ref) collectDefinition(schema.$ref.slice('#/definitions/'.length), definitions, needed);
  if (schema.items) collect(schema.items, definitions, needed);
  for (const member of Object.values(schema.properties ?? {})) collect(member, definitions, needed);
}

function collectDefinition(name: string, definitions: Definitions, needed: Definitions): void {
  const definition = definitions[name];
  if (!definition || needed[name]) return;
  needed[name] = definition;
  collect(definition, definitions, needed);
}
