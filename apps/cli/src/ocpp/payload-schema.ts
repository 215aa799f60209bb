import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';

/** Reads the schema of a request as far as is needed to type a payload. */
export interface PayloadSchema {
  /** What stands at a path: names of members, and numbers for items of a list. */
  at(steps: readonly (string | number)[]): PayloadSchema | undefined;
  readonly type: string | undefined;
  readonly choices: readonly string[];
  readonly members: readonly { name: string; isRequired: boolean; type: string | undefined }[];
}

export function payloadSchema(root: JsonObject): PayloadSchema {
  return viewOf(root, isJsonObject(root.definitions) ? root.definitions : {});
}

function viewOf(given: JsonObject, definitions: JsonObject): PayloadSchema {
  const schema = resolved(given, definitions);
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const view = (part: unknown) => (isJsonObject(part) ? viewOf(part, definitions) : undefined);
  return {
    type: typeof schema.type === 'string' ? schema.type : undefined,
    choices: Array.isArray(schema.enum) ? schema.enum.filter((choice) => typeof choice === 'string') : [],
    members: Object.keys(properties).map((name) => ({
      name,
      isRequired: required.includes(name),
      type: view(properties[name])?.type,
    })),
    at([step, ...rest]) {
      if (step === undefined) return this;
      const part = typeof step === 'number' ? schema.items : Object.hasOwn(properties, step) && properties[step];
      return view(part)?.at(rest);
    },
  };
}

function resolved(schema: JsonObject, definitions: JsonObject): JsonObject {
  if (typeof schema.$ref !== 'string') return schema;
  const definition = definitions[schema.$ref.slice('#/definitions/'.length)];
  return isJsonObject(definition) ? definition : {};
}
