import { expect, test } from 'vitest';
import { startSystem } from './test-support/system.ts';

test('every route is in the API description with a summary', async () => {
  const { http, key } = await startSystem();
  const headers = { authorization: `Bearer ${key}` };
  const response = await http.app.inject({ url: '/openapi.json', headers });
  const { paths } = response.json<{ paths: Record<string, Record<string, { summary?: string; responses: object }>> }>();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { summary }]) => path.startsWith('/message-manager') && summary !== undefined)
      .map(([method]) => `${method} ${path.replace('/message-manager', '')}`),
  );
  expect(routes.toSorted()).toEqual([
    'delete /parked-messages/{group}/{id}',
    'get /charge-points/{id}/moment',
    'get /messages',
    'get /messages/export',
    'get /messages/stream',
    'get /messages/{id}',
    'get /parked-messages',
    'get /statistics',
    'post /parked-messages/{group}/{id}/drive',
  ]);
  expect(Object.keys(contentOf('/message-manager/messages/export'))).toEqual(['application/x-ndjson']);
  expect(Object.keys(contentOf('/message-manager/messages/stream'))).toEqual(['text/event-stream']);

  function contentOf(path: string): object {
    const responses = paths[path]?.get?.responses as { 200?: { content?: object } } | undefined;
    return responses?.[200]?.content ?? {};
  }
});
