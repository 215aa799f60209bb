import { isJsonObject, type JsonObject, type OcppVersion, requestSchema } from '@ocpp-csms/ocpp';

/** A valid payload with every property that the schema knows, required or not. */
export async function samplePayload(version: OcppVersion, action: string): Promise<JsonObject> {
  const schema = await requestSchema(version, action);
  if (schema === undefined) throw new Error(`${version} has no ${action}`);
  const sample = sampleOf(schema, isJsonObject(schema.definitions) ? schema.definitions : {}, 0);
  if (!isJsonObject(sample)) throw new Error(`${action} is no object`);
  return sample;
}

function sampleOf(schema: JsonObject, definitions: JsonObject, depth: number): unknown {
  if (typeof schema.$ref === 'string') {
    const definition = definitions[schema.$ref.replace('#/definitions/', '')];
    return isJsonObject(definition) ? sampleOf(definition, definitions, depth) : {};
  }
  if (Array.isArray(schema.enum)) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return objectOf(schema, definitions, depth);
    case 'array':
      return isJsonObject(schema.items) ? [sampleOf(schema.items, definitions, depth + 1)] : [];
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1;
    case 'boolean':
      return true;
    default:
      return schema.format === 'date-time' ? new Date().toISOString() : 'text';
  }
}

/** Some types hold themselves: below a depth of 8 only what is required. */
function objectOf({ properties, required }: JsonObject, definitions: JsonObject, depth: number): JsonObject {
  const wanted = Array.isArray(required) ? required : [];
  const members = Object.entries(isJsonObject(properties) ? properties : {}).filter(
    ([name]) => name !== 'customData' && (depth < 8 || wanted.includes(name)),
  );
  return Object.fromEntries(
    members.map(([name, schema]) => [name, isJsonObject(schema) ? sampleOf(schema, definitions, depth + 1) : null]),
  );
}

/** The payload once for each of its values, with that one replaced. */
export function* withEachReplaced(value: unknown, replacement: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const other of withEachReplaced(item, replacement)) yield value.with(index, other);
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      for (const other of withEachReplaced(member, replacement)) yield { ...value, [name]: other };
      if (typeof member === 'object') yield { ...value, [name]: replacement };
    }
  } else yield replacement;
}
