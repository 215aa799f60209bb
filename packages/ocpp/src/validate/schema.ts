/** The part of JSON Schema that the OCPP schemas use, once descriptions are gone. */
export interface Schema {
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  enum?: readonly string[];
  maxLength?: number;
  format?: string;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
}

export type Definitions = Record<string, Schema>;

/** All schemas of one version, as `generated/<version>/schemas.json` holds them. */
export interface SchemaFile {
  definitions: Definitions;
  requests: Record<string, Schema>;
  responses: Record<string, Schema>;
}

/** Follows a `$ref` into the definitions; the OCPP schemas contain no chains and no cycles. */
export function resolve(schema: Schema, definitions: Definitions): Schema {
  if (!schema.$ref) return schema;
  return definitions[schema.$ref.slice('#/definitions/'.length)] ?? {};
}
