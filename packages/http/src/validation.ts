import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchema, FastifySchemaCompiler } from 'fastify';
import { isIsoTime } from './time.ts';

const options = { allErrors: true, useDefaults: true, removeAdditional: false, strict: false } as const;

/** Bodies are JSON and have types; everything else in a request is text. */
const forBodies = withFormats(new Ajv(options));
const forText = withFormats(new Ajv({ ...options, coerceTypes: 'array' }));

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv);
  ajv.addFormat('iso-time', isIsoTime);
  return ajv;
}

type RouteSchema = Parameters<FastifySchemaCompiler<FastifySchema>>[0];

/** Compiled when a route is first asked: there are hundreds of schemas, and an installation uses few of them. */
export const validatorCompiler: FastifySchemaCompiler<FastifySchema> = (route) => {
  let validate: ValidateFunction | undefined;
  return (value: unknown) => {
    validate ??= compile(route);
    return validate(value) || { error: validate.errors ?? [] };
  };
};

/** Query parameters that a route does not know are refused: a filter with a typing error would answer with everything. */
function compile({ schema, httpPart }: RouteSchema): ValidateFunction {
  if (httpPart === 'body') return forBodies.compile(schema);
  return forText.compile(httpPart === 'querystring' ? closed(schema) : schema);
}

function closed(schema: FastifySchema): object {
  const isPlain = 'type' in schema && schema.type === 'object' && 'properties' in schema && !('allOf' in schema);
  return isPlain ? { additionalProperties: false, ...schema } : schema;
}

/** How many of the errors of one request are told. */
const maxErrors = 20;

export interface ValueError {
  /** `body.connectorId`, `query.limit`, `body.list[2].key` */
  path: string;
  message: string;
}

export function valueErrors(errors: readonly ErrorObject[], part: string): ValueError[] {
  const start = part === 'querystring' ? 'query' : part;
  return errors.slice(0, maxErrors).map((error) => ({ path: start + pathOf(error), message: messageOf(error) }));
}

function pathOf({ instancePath, params }: ErrorObject): string {
  const steps = instancePath.split('/').slice(1).map(unescapePointer);
  const member = params.missingProperty ?? params.additionalProperty;
  if (typeof member === 'string') steps.push(member);
  return steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
}

const unescapePointer = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function messageOf({ keyword, message = 'is not valid', params }: ErrorObject): string {
  if (keyword === 'required') return 'is missing';
  if (keyword === 'additionalProperties') return 'is not known here';
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === 'format' && params.format === 'iso-time')
    return 'must be ISO 8601 with a zone, such as 2026-01-02T03:04:05Z';
  return message;
}
