import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createApiClient } from '../client.ts';
import { ApiProblem } from '../problem.ts';
import type { LiveEvent, StreamState } from './follow.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers each request, in turn, with the next of these. */
async function serve(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answers[Math.min(asked.length, answers.length) - 1]?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

const stream = (response: ServerResponse, text: string) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(text);
};

function follow(url: string, options: { silenceMs?: number; lastEventId?: string } = {}) {
  const abort = new AbortController();
  closers.push(() => abort.abort());
  const states: StreamState[] = [];
  const events = createApiClient({ url, key: 'secret' }).events('/message-manager/messages/stream', {
    query: { client: 'CP 1' },
    signal: abort.signal,
    maxRetryMs: 10,
    onState: (state) => states.push(state),
    ...options,
  });
  return { events, states, abort };
}

async function take(events: AsyncGenerator<LiveEvent>, count: number): Promise<LiveEvent[]> {
  const taken: LiveEvent[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

test('asks with key, filter and Last-Event-ID, and gives each event with its id', async () => {
  const { url, asked } = await serve((response) =>
    stream(response, ': connected\n\nid: a\nevent: message\ndata: {"n":1}\n\nevent: gap\ndata: {"skipped":3}\n\n'),
  );
  const { events, states } = follow(url, { lastEventId: 'before' });
  expect(await take(events, 2)).toEqual([
    { event: 'message', data: { n: 1 }, id: 'a' },
    { event: 'gap', data: { skipped: 3 }, id: 'a' },
  ]);
  expect(states).toEqual([{ state: 'open' }]);
  expect(asked[0]?.url).toBe('/message-manager/messages/stream?client=CP+1');
  expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'last-event-id': 'before' });
});

test('goes on after the last event when the connection is lost', async () => {
  const { url, asked } = await serve(
    (response) => {
      stream(response, 'id: 1\ndata: 1\n\nid: 2\ndata: 2\n\nid: 3\ndata: half');
      setImmediate(() => response.destroy());
    },
    (response) => stream(response, 'id: 3\ndata: 3\n\n'),
  );
  const { events, states } = follow(url);
  expect((await take(events, 3)).map(({ data }) => data)).toEqual([1, 2, 3]);
  expect(asked[1]?.headers['last-event-id']).toBe('2');
  expect(states.map(({ state }) => state)).toEqual(['open', 'waiting', 'open']);
});

test('takes silence for a lost connection', async () => {
  const { url } = await serve(
    (response) => stream(response, 'data: 1\n\n'),
    (response) => stream(response, 'data: 2\n\n'),
  );
  const { events, states } = follow(url, { silenceMs: 50 });
  expect((await take(events, 2)).map(({ data }) => data)).toEqual([1, 2]);
  expect(states[1]).toMatchObject({
    state: 'waiting',
    reason: { detail: expect.stringContaining('Nothing was heard') },
  });
});

test('tries again while the system has no time, and gives up when it says no', async () => {
  const problem = (status: number, type: string) => (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: `urn:ocpp-csms:problem:${type}`, title: 'No', status, detail: 'Not you.' }));
  };
  const { url, asked } = await serve(problem(503, 'too-many-readers'), problem(403, 'role-needed'));
  const { events } = follow(url);
  const failure = await events.next().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiProblem);
  expect(failure).toMatchObject({ status: 403, code: 'role-needed' });
  expect(asked).toHaveLength(2);
});

test('ends when it is told to, also between attempts', async () => {
  const { url } = await serve((response) => response.destroy());
  const { events, abort, states } = follow(url);
  const next = events.next();
  await expect.poll(() => states.length).toBeGreaterThan(0);
  abort.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
