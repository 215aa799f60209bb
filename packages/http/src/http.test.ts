import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type EventStream, eventStream } from './event-stream.ts';
import type { Http } from './http.ts';
import { isLocalAddress } from './local-address.ts';
import { operationId } from './openapi.ts';
import { decodeCursor, encodeCursor, pageOf, pageQuery } from './pages.ts';
import { Problem, problemResponses } from './problem.ts';
import { keyOf, startHttp as start } from './test-support/start-http.ts';
import { isoTime, parseTime } from './time.ts';

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const settled = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms));

describe('who may call', () => {
  const routes = ({ app }: Http) => {
    app.register(
      async (session) => {
        session.get('/things', async () => ({ ok: true }));
        session.post('/things', async (request) => ({ by: request.caller?.name }));
        session.delete('/things', { config: { role: 'admin' } }, async () => ({ ok: true }));
      },
      { prefix: '/session' },
    );
  };

  it('nobody without a key', async () => {
    const { url } = await start(routes);
    const response = await fetch(`${url}/session/things`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="ocpp-csms"');
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      type: 'urn:ocpp-csms:problem:key-missing',
      title: 'Unauthorized',
      status: 401,
      instance: '/session/things',
    });
  });

  it.each(['Bearer wrong', 'Basic YWRtaW46YWRtaW4=', 'Bearer', keyOf('admin')])(
    'nobody with "%s"',
    async (authorization) => {
      const { ask } = await start(routes);
      expect((await ask('/session/things', { headers: { authorization } })).status).toBe(401);
    },
  );

  it.each([
    ['read-only', 'GET', 200],
    ['read-only', 'POST', 403],
    ['operator', 'POST', 200],
    ['operator', 'DELETE', 403],
    ['admin', 'DELETE', 200],
  ])('%s %s → %i', async (role, method, status) => {
    const { ask } = await start(routes);
    const response = await ask('/session/things', { role, method });
    expect(response.status).toBe(status);
    if (status === 403)
      expect(await response.json()).toMatchObject({ roleNeeded: method === 'POST' ? 'operator' : 'admin' });
  });

  it('an unknown route is told only to those with a key', async () => {
    const { url, ask } = await start(routes);
    expect((await fetch(`${url}/nowhere`)).status).toBe(401);
    const response = await ask('/nowhere?access_token=secret', { role: 'read-only' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: 'urn:ocpp-csms:problem:no-such-route', instance: '/nowhere' });
  });

  it('changes are logged with who made them, and no key is', async () => {
    const { ask, lines } = await start(routes);
    await ask('/session/things?access_token=secret-in-query', { method: 'POST', role: 'operator' });
    await settled();
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'info',
        method: 'POST',
        path: '/session/things',
        status: 200,
        caller: 'a operator',
      }),
    );
    expect(lines.join()).not.toMatch(/secret-in-query|key-of-a/);
  });

  it('who changed what is told to an admin, with the settings and without a secret', async () => {
    const { ask } = await start(routes);
    await ask('/session/things?access_token=secret-in-query', { method: 'POST', role: 'operator' });
    await settled();
    expect((await ask('/process', { role: 'operator' })).status).toBe(403);
    const response = await ask('/process', { role: 'admin' });
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      changes: [{ caller: 'a operator', method: 'POST', path: '/session/things', status: 200 }],
      keys: expect.arrayContaining([{ name: 'a operator', role: 'operator' }]),
      settings: { http: { host: '127.0.0.1' } },
    });
    expect(text).not.toMatch(/secret-in-query|key-of-a/);
  });

  it('who changed what is known after a restart, and who was not let in pushes nobody out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'csms-changes-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const changesFile = join(folder, 'changes', 'test.jsonl');
    const changeOnce = async (role: string) => {
      const { http, url, ask } = await start(routes, {}, { changesFile });
      await fetch(`${url}/session/things`, { method: 'POST' });
      await ask('/session/things', { method: 'POST', role });
      await settled();
      const { changes } = (await (await ask('/process')).json()) as { changes: { caller?: string }[] };
      await http.close();
      return changes.map(({ caller }) => caller);
    };
    expect(await changeOnce('operator')).toEqual(['a operator']);
    // As a power cut leaves it.
    appendFileSync(changesFile, '{"at":"2026-01-02T');
    expect(await changeOnce('admin')).toEqual(['a admin', 'a operator']);
    expect(await changeOnce('operator')).toEqual(['a operator', 'a admin', 'a operator']);
  });

  it('everybody for health, docs and the API description', async () => {
    const { url } = await start(routes);
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs']) {
      expect((await fetch(url + path)).status, path).toBe(200);
    }
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
  });
});

describe('requests', () => {
  const routes = ({ app }: Http) => {
    app.get(
      '/list',
      {
        schema: {
          querystring: Type.Object({
            ...pageQuery.properties,
            from: Type.Optional(isoTime),
            active: Type.Optional(Type.Boolean()),
          }),
        },
      },
      async ({ query }) => ({ ...query, from: query.from && parseTime(query.from).toISOString() }),
    );
    app.post(
      '/things',
      {
        schema: {
          body: Type.Object(
            {
              count: Type.Integer({ minimum: 1 }),
              kind: Type.Optional(Type.Enum(['a', 'b'])),
              list: Type.Optional(Type.Array(Type.Object({ x: Type.String() }))),
            },
            { additionalProperties: false },
          ),
        },
      },
      async ({ body }) => body,
    );
  };

  it('queries are text and become what the schema says', async () => {
    const { ask } = await start(routes);
    const response = await ask('/list?limit=5&active=true&from=2026-01-02T04:04:05%2B01:00');
    expect(await response.json()).toEqual({ limit: 5, active: true, from: '2026-01-02T03:04:05.000Z' });
    expect(await (await ask('/list')).json()).toEqual({ limit: 100 });
  });

  it.each([
    ['/list?limit=0', 'query.limit', 'must be >= 1'],
    ['/list?limit=1001', 'query.limit', 'must be <= 1000'],
    ['/list?form=2026-01-02', 'query.form', 'is not known here'],
    ['/list?from=2026-01-02', 'query.from', 'must be ISO 8601 with a zone, such as 2026-01-02T03:04:05Z'],
  ])('%s is refused with where and why', async (path, where, message) => {
    const { ask } = await start(routes);
    const response = await ask(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: 'urn:ocpp-csms:problem:invalid-request',
      errors: [{ path: where, message }],
      detail: `${where} ${message}.`,
    });
  });

  it('bodies are not bent into shape, and every error is told', async () => {
    const { ask } = await start(routes);
    const response = await ask('/things', json({ count: '1', kind: 'c', list: [{ x: 'y' }, {}], extra: 1 }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [
        { path: 'body.extra', message: 'is not known here' },
        { path: 'body.count', message: 'must be integer' },
        { path: 'body.kind', message: 'must be one of a, b' },
        { path: 'body.list[1].x', message: 'is missing' },
      ],
    });
    expect(await (await ask('/things', json({ count: 1 }))).json()).toEqual({ count: 1 });
  });

  it.each([
    ['{"count":1,"__proto__":{"a":1}}', 400],
    ['{"count":1,"constructor":{"prototype":{"a":1}}}', 400],
    ['{"count":', 400],
    ['', 400],
    [`{"kind":"${'x'.repeat(1_100_000)}"}`, 413],
  ])('the body %.40s → %i', async (body, status) => {
    const { ask } = await start(routes);
    const response = await ask('/things', json(body));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, type: expect.stringMatching(/^urn:ocpp-csms:problem:/) });
  });

  it('another media type is refused', async () => {
    const { ask } = await start(routes);
    const response = await ask('/things', { method: 'POST', body: '<x/>', headers: { 'content-type': 'text/xml' } });
    expect(response.status).toBe(415);
  });
});

describe('errors', () => {
  const failing = (error: unknown) => (http: Http) =>
    void http.app.get('/fail', async () => {
      throw error;
    });

  it('a problem goes out as it is', async () => {
    const { ask } = await start(
      failing(new Problem(409, 'charge-point-offline', 'CP001 is not connected.', { networkId: 'CP001' })),
    );
    const response = await ask('/fail');
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({
      type: 'urn:ocpp-csms:problem:charge-point-offline',
      title: 'Conflict',
      status: 409,
      detail: 'CP001 is not connected.',
      instance: '/fail',
      networkId: 'CP001',
    });
  });

  it('a bug tells a reference and nothing else; the log has both', async () => {
    const { ask, lines } = await start(failing(new Error('SQL of our insides')));
    const response = await ask('/fail?access_token=secret');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/insides|\\n/);
    const line = lines.map((entry) => JSON.parse(entry)).find(({ level }) => level === 'error');
    expect(line).toMatchObject({
      reference: JSON.parse(text).reference,
      err: { message: 'SQL of our insides' },
      path: '/fail',
    });
    expect(lines.join()).not.toContain('secret');
  });

  const named = (name: string, members: object) => Object.assign(new Error('internal words'), { name, ...members });
  it.each([
    [named('StorageError', { transient: true }), 503, 'try-again'],
    [named('BusError', { code: 'NobodyThere' }), 503, 'service-away'],
    [named('BusError', { code: 'Full' }), 503, 'service-away'],
    [named('BusError', { code: 'Timeout' }), 504, 'service-timeout'],
    ['thrown text', 500, 'unexpected'],
  ])('%s → %i %s', async (error, status, code) => {
    const { ask } = await start(failing(error));
    const response = await ask('/fail');
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(status === 500 ? null : '5');
    const text = await response.text();
    expect(JSON.parse(text).type).toBe(`urn:ocpp-csms:problem:${code}`);
    expect(text).not.toContain('internal words');
  });

  it('too many requests get 429 with when to come again', async () => {
    const { ask } = await start(failing(new Problem(409, 'x', 'x')), { requestsPerMinute: 10 });
    const statuses = [];
    for (let n = 0; n < 12; n++) statuses.push((await ask('/fail')).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    const response = await ask('/fail');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ type: 'urn:ocpp-csms:problem:too-many-requests' });
  });
});

describe('event streams', () => {
  async function startStream(options = {}) {
    const opened: EventStream[] = [];
    const closed: string[] = [];
    const started = await start(({ app }) => {
      app.get('/live', { schema: { querystring: Type.Object({}) } }, (request, reply) => {
        const stream = eventStream(request, reply, options);
        stream.onClose(() => closed.push('closed'));
        opened.push(stream);
      });
    });
    const open = (path = '/live', init: RequestInit = {}) =>
      fetch(started.url + path, { ...init, headers: { accept: 'text/event-stream', ...init.headers } });
    return { ...started, open, opened, closed };
  }
  const withKey = { headers: { authorization: `Bearer ${keyOf('read-only')}` } };

  async function readUntil(response: Response, end: string): Promise<string> {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes(end)) return text;
    }
    return text;
  }

  it('carry events with ids, and comments while nothing happens', async () => {
    const { open, opened } = await startStream({ heartbeatSeconds: 0.05 });
    const response = await open('/live', withKey);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(opened[0]!.send('message', { text: 'a\nb' }, '7\n8')).toBe(true);
    const text = await readUntil(response, ': heartbeat');
    expect(text).toContain('id: 7 8\nevent: message\ndata: {"text":"a\\nb"}\n\n');
  });

  it('take the key from the query, since EventSource has no headers, and never log it', async () => {
    const { open, lines } = await startStream();
    const response = await open(`/live?access_token=${keyOf('read-only')}`);
    expect(response.status).toBe(200);
    await response.body?.cancel();
    expect((await open('/live?access_token=wrong')).status).toBe(401);
    await settled();
    expect(lines.join()).not.toMatch(/key-of-a|access_token/);
  });

  it('the query is no place for a key elsewhere', async () => {
    const { url } = await startStream();
    expect((await fetch(`${url}/metrics?access_token=${keyOf('admin')}`)).status).toBe(401);
  });

  it('end when the reader goes', async () => {
    const { open, opened, closed } = await startStream();
    const response = await open('/live', withKey);
    await response.body?.cancel();
    await settled();
    expect(closed).toEqual(['closed']);
    expect(opened[0]!.send('x', 1)).toBe(false);
    const late: string[] = [];
    opened[0]!.onClose(() => late.push('at once'));
    expect(late).toEqual(['at once']);
  });

  it('end for a reader that does not read', async () => {
    const { url, opened, closed, lines } = await startStream({ maxBufferedBytes: 100_000 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.pause();
    socket.write(`GET /live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keyOf('admin')}\r\n\r\n`);
    await settled(100);
    let sent = 0;
    while (opened[0]!.send('x', 'y'.repeat(10_000)) && sent < 10_000) sent++;
    expect(sent).toBeLessThan(10_000);
    expect(closed).toEqual(['closed']);
    expect(lines.join()).toContain('too slow');
  });

  it('end when the server closes, without waiting for the readers', async () => {
    const { http, open, closed } = await startStream();
    const response = await open('/live', withKey);
    const text = readUntil(response, 'never');
    await http.close();
    await text;
    expect(closed).toEqual(['closed']);
  });
});

describe('the network', () => {
  it('a busy port rejects with what the system says', async () => {
    const { url } = await start();
    await expect(start(() => {}, { port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('with localNetworkOnly, the rest of the world is refused', async () => {
    const { url } = await start(() => {}, { localNetworkOnly: true, trustedProxies: ['127.0.0.1'] });
    const from = (address: string) => fetch(`${url}/health/live`, { headers: { 'x-forwarded-for': address } });
    expect((await from('192.168.1.5')).status).toBe(200);
    const refused = await from('203.0.113.9');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ type: 'urn:ocpp-csms:problem:local-network-only' });
  });

  it('X-Forwarded-For is believed from trusted proxies alone', async () => {
    const { url } = await start(() => {}, { localNetworkOnly: true });
    expect((await fetch(`${url}/health/live`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(200);
  });

  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.1.1',
    'fe80::1%eth0',
    'fd00::1',
  ])('%s is local', (address) => expect(isLocalAddress(address)).toBe(true));
  it.each(['8.8.8.8', '172.32.0.1', '::ffff:8.8.8.8', '2001:db8::1', '', 'localhost', undefined])(
    '%s is not local',
    (address) => expect(isLocalAddress(address)).toBe(false),
  );

  it('answers have headers that keep browsers from guessing, framing and sharing', async () => {
    const { url } = await start();
    const { headers } = await fetch(`${url}/health/live`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('a connection that was opened ahead does not hold up the end', async () => {
    const { http, url } = await start();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    await once(http.server, 'connection');
    const since = performance.now();
    await http.close();
    expect(performance.now() - since).toBeLessThan(1000);
  });

  it('connections that send nothing, half a head or half a body are dropped within 15 s', async () => {
    const { url } = await start(({ app }) => void app.post('/x', async () => ({})));
    const head = `POST /x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keyOf('admin')}\r\n`;
    const started = Date.now();
    const dropped = ['', head, `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`].map(
      (text) =>
        new Promise<number>((resolve) => {
          const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text || ' '));
          socket.on('error', () => {});
          socket.resume().on('close', () => resolve(Date.now() - started));
        }),
    );
    for (const ms of await Promise.all(dropped)) expect(ms).toBeLessThan(15_000);
  });
});

describe('health', () => {
  it('is ready when every check is', async () => {
    const { http, url } = await start();
    http.addReadiness('database', async () => 'csms.db');
    http.addReadiness('bus', async () => {});
    const well = await fetch(`${url}/health/ready`);
    expect(well.status).toBe(200);
    expect(await well.json()).toEqual({
      status: 'ready',
      checks: [
        { name: 'database', ok: true, detail: 'csms.db' },
        { name: 'bus', ok: true, detail: 'ok' },
      ],
    });
    http.addReadiness('bus', async () => {
      throw new Error('the broker does not answer');
    });
    const ill = await fetch(`${url}/health/ready`);
    expect(ill.status).toBe(503);
    expect(await ill.json()).toMatchObject({
      status: 'not-ready',
      checks: [{ ok: true }, { name: 'bus', ok: false, detail: 'the broker does not answer' }],
    });
  });

  it('has metrics', async () => {
    const { ask } = await start();
    const response = await ask('/metrics', { role: 'read-only' });
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('nodejs_heap_size_total_bytes');
  });
});

describe('the API description', () => {
  const routes = ({ app }: Http) =>
    void app.register(
      async (session) => {
        session.get(
          '/things/:id',
          {
            schema: {
              summary: 'One thing',
              params: Type.Object({ id: Type.String() }),
              querystring: pageQuery,
              response: { 200: pageOf(Type.Object({ id: Type.String() })), ...problemResponses(404) },
            },
          },
          async ({ params }) => ({ items: [params] }),
        );
        session.delete(
          '/things/:id',
          { config: { role: 'admin' }, schema: { params: Type.Object({ id: Type.String() }) } },
          async () => {},
        );
      },
      { prefix: '/session' },
    );

  it('is OpenAPI 3.1 with operation ids, tags, roles, keys and problems', async () => {
    const { url } = await start(routes, { publicUrl: 'https://csms.example.com' });
    const document = JSON.parse(await (await fetch(`${url}/openapi.json`)).text());
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'ocpp-csms', version: '1.2.3' },
      servers: [{ url: 'https://csms.example.com' }],
      security: [{ bearer: [] }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    });
    const { get, delete: remove } = document.paths['/session/things/{id}'];
    expect(get).toMatchObject({
      operationId: 'getSessionThingsById',
      tags: ['session'],
      summary: 'One thing',
      description: 'Role: read-only.',
    });
    expect(get.parameters).toContainEqual(expect.objectContaining({ name: 'limit', in: 'query', required: false }));
    for (const status of ['400', '401', '403', '404', '500']) {
      expect(get.responses[status].content, status).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
    expect(remove.description).toBe('Role: admin.');
    expect(document.paths['/health/live'].get.security).toEqual([]);
  });

  it('its page has nothing from elsewhere', async () => {
    const { url } = await start(routes);
    const response = await fetch(`${url}/docs`);
    const html = await response.text();
    expect(html).not.toMatch(/https?:|\/\/[a-z]/);
    expect(response.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*script-src 'self';.*connect-src 'self'/,
    );
    for (const [, script] of html.matchAll(/src="([^"]+)"/g)) {
      const loaded = await fetch(new URL(script!, `${url}/docs`));
      expect(loaded.status).toBe(200);
      expect(loaded.headers.get('content-type')).toContain('javascript');
    }
  });

  it('operation ids are words', () => {
    expect(operationId('POST', '/device-manager/charge-points/:id/commands/:action')).toBe(
      'postDeviceManagerChargePointsByIdCommandsByAction',
    );
  });
});

describe('cursors', () => {
  it('come back as they went', () => expect(decodeCursor(encodeCursor(['2026', 7]))).toEqual(['2026', 7]));
  it.each(['x', '!!', Buffer.from('{').toString('base64url'), `${encodeCursor(1)}=`])('%s is refused', (text) => {
    expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ status: 400, code: 'invalid-cursor' }));
  });
});

describe('times', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04Z', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T04:04:05.5+01:00', '2026-01-02T03:04:05.500Z'],
    ['2026-01-02T04:04:05,5+0100', '2026-01-02T03:04:05.500Z'],
    ['2024-02-29T00:00:00z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, normal) => expect(parseTime(text).toISOString()).toBe(normal));

  it.each([
    '',
    'now',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '1',
  ])('%s is refused', (text) =>
    expect(() => parseTime(text, 'from')).toThrow(expect.objectContaining({ status: 400 })),
  );
});
