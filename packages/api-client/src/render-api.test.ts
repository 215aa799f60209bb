import { expect, test } from 'vitest';
import type { OpenApiDocument } from '../generate/document.ts';
import { renderApi } from '../generate/render-api.ts';

const thing = {
  type: 'object',
  title: 'Thing',
  required: ['id'],
  properties: {
    id: { type: 'string', description: 'Ours.' },
    'odd-name': { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    kinds: { type: 'array', items: { enum: ['a', 'b'] } },
  },
};

const document: OpenApiDocument = {
  components: { schemas: {} },
  paths: {
    '/things/{id}': {
      get: {
        summary: 'One thing',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'wait', in: 'query', schema: { type: 'boolean' } },
        ],
        responses: { 200: { content: { 'application/json': { schema: thing } } }, 404: {} },
      },
      delete: { responses: { 204: {} } },
    },
    '/live': { get: { responses: { 200: { content: { 'text/event-stream': { schema: { type: 'string' } } } } } } },
  },
};

test('a titled schema is an interface, an operation is what goes in and what comes out', () => {
  expect(renderApi(document)).toContain(`export interface Thing {
  /** Ours. */
  id: string;
  "odd-name"?: number | null;
  kinds?: ("a" | "b")[];
}
`);
  expect(renderApi(document)).toContain(`  /** One thing */
  'GET /things/{id}': {
    params: {
      id: string;
    };
    query?: {
      wait?: boolean;
    };
    answer: Thing;
  };
  'DELETE /things/{id}': {
    answer: undefined;
  };
  'GET /live': {
    answer: string;
    events: true;
  };
`);
});

test('two schemas under one title are refused', () => {
  const other = { ...thing, required: [] };
  const twice = {
    ...document,
    paths: {
      ...document.paths,
      '/b': { get: { responses: { 200: { content: { 'application/json': { schema: other } } } } } },
    },
  };
  expect(() => renderApi(twice)).toThrow('Two different schemas have the title Thing.');
});
