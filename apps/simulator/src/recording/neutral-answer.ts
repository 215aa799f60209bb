import { actionsOf, isJsonObject, type JsonObject, type OcppVersion, responseSchema } from '@ocpp-csms/ocpp';

/** A valid answer to any CALL of a CSMS that accepts nothing; undefined for an action that the version does not have. */
export type NeutralAnswer = (action: string, request: JsonObject) => JsonObject | undefined;

/** Made of the schemas, so that no action is forgotten. */
export async function createNeutralAnswers(version: OcppVersion): Promise<NeutralAnswer> {
  const schemas = new Map<string, JsonObject>();
  for (const { action, from } of actionsOf(version)) {
    const schema = from === 'charge-point' ? undefined : await responseSchema(version, action);
    if (schema !== undefined) schemas.set(action, schema);
  }
  return (action, request) => {
    const schema = schemas.get(action);
    return schema === undefined ? undefined : smallestObject(schema, { definitions: schema.definitions, request });
  };
}

interface Around {
  definitions: unknown;
  request: JsonObject;
}

/** Of the values of an enumeration, those that promise nothing. */
const neutralWords = [
  'Rejected',
  'NotSupported',
  'NotImplemented',
  'UnknownVendorId',
  'UnknownVariable',
  'NoProfiles',
  'NotFound',
  'Failed',
];

/** The required members alone. */
function smallestObject(schema: JsonObject, around: Around): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return Object.fromEntries(required.map((name) => [name, smallest(resolve(properties[name], around), around)]));
}

function smallest(schema: JsonObject, around: Around): unknown {
  if (Array.isArray(schema.enum)) return mostNeutral(schema.enum);
  switch (schema.type) {
    case 'object':
      return smallestObject(schema, around);
    case 'array':
      return smallestList(schema, around);
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? Math.max(0, schema.minimum) : 0;
    case 'boolean':
      return false;
    default:
      return schema.format === 'date-time' ? new Date(0).toISOString() : '';
  }
}

function mostNeutral(words: readonly unknown[]): unknown {
  return neutralWords.find((word) => words.includes(word)) ?? words[0];
}

/** GetVariables and the like are answered entry by entry, each with what it was asked for. */
function smallestList({ items, minItems }: JsonObject, around: Around): unknown[] {
  if (!(Number(minItems) > 0)) return [];
  const schema = resolve(items, around);
  const known = isJsonObject(schema.properties) ? schema.properties : {};
  const asked = Object.values(around.request).find((value) => Array.isArray(value) && value.every(isJsonObject));
  if (!Array.isArray(asked) || asked.length === 0) return [smallest(schema, around)];
  return asked.map((entry: JsonObject) => {
    const repeated = Object.entries(entry).filter(([name]) => name in known && name !== 'id');
    return { ...smallestObject(schema, around), ...Object.fromEntries(repeated) };
  });
}

function resolve(schema: unknown, { definitions }: Around): JsonObject {
  if (!isJsonObject(schema)) return {};
  const name = typeof schema.$ref === 'string' ? schema.$ref.slice('#/definitions/'.length) : undefined;
  const found = name !== undefined && isJsonObject(definitions) ? definitions[name] : schema;
  return isJsonObject(found) ? found : {};
}
