import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Schema, SchemaFile } from '../src/validate/schema.ts';
import type { OcppVersion } from '../src/versions.ts';

const require = createRequire(import.meta.url);

const files: Record<OcppVersion, string> = {
  'ocpp1.6': 'ocpp1_6.json',
  'ocpp2.0.1': 'ocpp2_0_1.json',
  'ocpp2.1': 'ocpp2_1.json',
};

interface SourceSchema extends Schema {
  $id: string;
  definitions?: Record<string, Schema>;
}

/**
 * The schemas of one version, as the package `ocpp-rpc` carries them, in our compact form: one table of shared
 * definitions, one schema per request and per response, and only the keywords that constrain something. Descriptions
 * and titles stay behind: they are the specification's text, and its licence forbids to change them.
 */
export function readSource(version: OcppVersion): SchemaFile {
  const path = require.resolve('ocpp-rpc/package.json').replace('package.json', `lib/schemas/${files[version]}`);
  const schemas: SourceSchema[] = JSON.parse(readFileSync(path, 'utf8'));
  const result: SchemaFile = { definitions: {}, requests: {}, responses: {} };
  for (const { $id, definitions, ...schema } of schemas) {
    const { action, kind } = parseId($id);
    result[kind][action] = compactSchema(schema);
    for (const [name, definition] of Object.entries(definitions ?? {})) {
      addDefinition(result.definitions, name, compactSchema(definition), version);
    }
  }
  return {
    definitions: sortKeys(result.definitions),
    requests: sortKeys(result.requests),
    responses: sortKeys(result.responses),
  };
}

/** `urn:Authorize.req`, `urn:AuthorizeResponse`; a name without either is a SEND: a request that is never answered. */
function parseId(id: string): { action: string; kind: 'requests' | 'responses' } {
  const match = /^urn:(.+?)(\.req|\.conf|Request|Response)?$/.exec(id);
  if (!match?.[1]) throw new Error(`The schema id ${id} has a form that the generator does not know`);
  const isResponse = match[2] === '.conf' || match[2] === 'Response';
  return { action: match[1], kind: isResponse ? 'responses' : 'requests' };
}

/** Definitions are shared between schemas: that makes the output small, and is only right while equal names mean equal things. */
function addDefinition(definitions: Record<string, Schema>, name: string, schema: Schema, version: string): void {
  const known = definitions[name];
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`${version} defines ${name} in two ways; the generator must give one of them another name`);
  }
  definitions[name] = schema;
}

/** Reduces a schema to what constrains, with its keywords in one order. */
export function compactSchema(schema: Schema): Schema {
  const { type, enum: values, properties, required, items } = schema;
  const reference = schema.$ref?.split('/').pop();
  if (reference) return { $ref: `#/definitions/${reference}` };
  return withoutUndefined({
    type,
    enum: values,
    maxLength: schema.maxLength,
    format: schema.format,
    minimum: schema.minimum,
    maximum: schema.maximum,
    multipleOf: schema.multipleOf,
    properties: properties && mapValues(properties, compactSchema),
    required: required?.length ? required : undefined,
    additionalProperties: type === 'object' ? schema.additionalProperties : undefined,
    items: items && compactSchema(items),
    minItems: schema.minItems,
    maxItems: schema.maxItems,
  });
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function withoutUndefined(schema: { [K in keyof Schema]: Schema[K] | undefined }): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}

function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
