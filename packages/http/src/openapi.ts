import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import type { App } from './app.ts';
import { roleOf } from './authorize.ts';
import { problemSchema } from './problem.ts';

export interface OpenApiOptions {
  title: string;
  version: string;
  /** Where the API is reached from outside; empty: wherever this document was read from. */
  publicUrl: string;
}

/** Errors that any route may answer with. */
const commonProblems: Readonly<Record<number, string>> = {
  400: 'The request does not fit; `errors` says where.',
  401: 'No API key, or an unknown one.',
  403: 'The key has not the role that is needed.',
  429: 'Too many requests from this address.',
  500: 'Something failed that should not; `reference` is in the log.',
  503: 'Not possible at the moment; try again.',
};

/** Collects the routes that are registered after it and describes them at `/openapi.json`. */
export async function installOpenApi(app: App, { title, version, publicUrl }: OpenApiOptions): Promise<void> {
  const roles = new Map<string, string>();
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) roles.set(operationId(method, route.url), roleOf(method, route.config));
    if (route.schema && typeof route.method === 'string') {
      route.schema.operationId ??= operationId(route.method, route.url);
      route.schema.tags ??= [tagOf(route.url)];
    }
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title,
        version,
        description: 'Errors are RFC 9457 problem details. Times are ISO 8601 in UTC, energy in Wh, power in W.',
      },
      servers: [{ url: publicUrl || '/' }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' } },
        schemas: { Problem: problemSchema },
      },
      security: [{ bearer: [] }],
    },
    hideUntagged: false,
    transformObject: (document) => {
      if (!('openapiObject' in document)) throw new TypeError('not an OpenAPI document');
      const { paths = {} } = document.openapiObject;
      for (const operation of Object.values(paths).flatMap((path) => Object.values(path ?? {}) as Operation[])) {
        const role = roles.get(operation.operationId ?? '');
        describeRole(operation, role);
        describeProblems(operation, role);
        relaxDefaults(operation);
      }
      return document.openapiObject;
    },
  });
}

interface JsonSchema {
  title?: string;
  default?: unknown;
  required?: string[];
  properties?: Record<string, JsonSchema>;
}

type Content = Record<string, { schema?: JsonSchema | { $ref: string } }>;

interface Operation {
  operationId?: string;
  description?: string;
  security?: unknown[];
  parameters?: { required?: boolean; schema?: JsonSchema }[];
  requestBody?: { content?: Content };
  responses?: Record<string, { description: string; content?: Content }>;
}

const problemContent = (): Content => ({
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
});

function describeRole(operation: Operation, role: string | undefined): void {
  if (role === 'open') operation.security = [];
  else if (role) operation.description = [operation.description, `Role: ${role}.`].filter(Boolean).join('\n\n');
}

function describeProblems(operation: Operation, role: string | undefined): void {
  const responses = operation.responses ?? {};
  operation.responses = responses;
  for (const [status, response] of Object.entries(responses)) {
    const schema = response.content?.['application/json']?.schema;
    if (schema && 'title' in schema && schema.title === 'Problem') {
      responses[status] = { description: STATUS_CODES[status] ?? 'Problem', content: problemContent() };
    }
  }
  for (const [status, description] of Object.entries(commonProblems)) {
    if (role === 'open' && (status === '401' || status === '403')) continue;
    responses[status] ??= { description, content: problemContent() };
  }
}

/** What has a default may be left out, though our handlers always see it. */
function relaxDefaults({ parameters = [], requestBody }: Operation): void {
  for (const parameter of parameters) {
    if (parameter.schema?.default !== undefined) parameter.required = false;
  }
  for (const { schema } of Object.values(requestBody?.content ?? {})) {
    if (!schema || !('required' in schema)) continue;
    schema.required = schema.required?.filter((name) => schema.properties?.[name]?.default === undefined);
  }
}

/** `GET /session/id-tokens/:idToken` → `getSessionIdTokensByIdToken` */
export function operationId(method: string, url: string): string {
  const words = url
    .split('/')
    .filter((step) => step !== '')
    .map((step) => (step.startsWith(':') ? `by-${step.slice(1)}` : step))
    .flatMap((step) => step.split(/[^A-Za-z0-9]+/));
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

const tagOf = (url: string): string => url.split('/')[1] || 'general';
