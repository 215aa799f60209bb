import type { Api, ApiAnswer } from '@ocpp-csms/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Schema = Record<string, unknown>;

interface OperationObject {
  operationId: string;
  description?: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema> };
}

export type Role = 'open' | 'read-only' | 'operator' | 'admin';

export interface Operation {
  /** `GET /session/transactions/{id}` */
  name: string;
  method: string;
  path: string;
  role: Role;
  /** It answers with server-sent events. */
  isStream: boolean;
  description: OperationObject;
}

export interface Contract {
  operations: readonly Operation[];
  /** What is wrong with this answer in the light of the document; `undefined` when nothing is. */
  problemWith(operation: Operation, answer: ApiAnswer): string | undefined;
}

export async function loadContract(api: Api): Promise<Contract> {
  const document = await api.get<OpenApiDocument & Record<string, unknown>>('/openapi.json');
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('iso-time', (text: string) => !Number.isNaN(Date.parse(text)));
  ajv.addSchema({ $id: 'https://csms.example/openapi.json', components: document.components });

  return {
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, description]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        role: roleOf(description),
        isStream: 'text/event-stream' in (description.responses['200']?.content ?? {}),
        description,
      })),
    ),
    problemWith(operation, { status, headers, body }) {
      const documented = operation.description.responses[String(status)];
      if (documented === undefined)
        return `${operation.name}: ${status} is not documented: ${JSON.stringify(body).slice(0, 300)}`;
      const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
      if (status === 204) return body === '' ? undefined : `${operation.name}: 204 with a body`;
      if (status >= 400 && type !== 'application/problem+json' && operation.path !== '/health/ready')
        return `${operation.name}: ${status} as ${type}`;
      const content = documented.content ?? {};
      if (Object.keys(content).length === 0) return undefined;
      const schema = content[type]?.schema;
      if (content[type] === undefined)
        return `${operation.name}: ${status} as ${type}, documented as ${Object.keys(content)}`;
      if (schema === undefined) return undefined;
      if (ajv.validate(withAbsoluteRefs(schema), body)) return undefined;
      return `${operation.name}: ${status}: ${ajv.errorsText()}: ${JSON.stringify(body).slice(0, 300)}`;
    },
  };
}

function roleOf({ security, description = '' }: OperationObject): Role {
  if (security?.length === 0) return 'open';
  const role = /Role: (read-only|operator|admin)\./.exec(description)?.[1];
  if (role === undefined) throw new Error(`no role in the description: ${description}`);
  return role as Role;
}

function withAbsoluteRefs(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"https://csms.example/openapi.json#/'));
}
