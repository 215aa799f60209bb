import { describe, expect, test } from 'vitest';
import type { Http } from '../http.ts';
import { keyOf, startHttp } from '../test-support/start-http.ts';

const start = (at: { now: number } = { now: Date.now() }) =>
  startHttp(
    ({ app }: Http) => {
      app.register(
        async (session) => {
          session.get('/things', async (request) => ({ by: request.caller?.name }));
          session.post('/things', async (request) => ({ by: request.caller?.name }));
          session.delete('/things', { config: { role: 'admin' } }, async () => ({ ok: true }));
        },
        { prefix: '/session' },
      );
    },
    {},
    { clock: { now: () => new Date(at.now) } },
  );

const signIn = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

const fromConsole = { 'csms-console': '1' };
const hour = 3_600_000;

describe('signing in', () => {
  test('with a key: a cookie that no script reads and no other site sends, and that is not the key', async () => {
    const { url } = await start();
    const response = await signIn(url, { key: keyOf('operator') });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ name: 'a operator', role: 'operator' });
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^csms-session-\d+=v1\.[\w.-]+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(keyOf('operator'));

    const things = await fetch(`${url}/session/things`, { headers: { cookie: cookieOf(response) } });
    expect(await things.json()).toEqual({ by: 'a operator' });
  });

  test.each([{ key: 'not-a-key-of-this-system' }, { code: 'never-issued' }, {}])('not with %j', async (body) => {
    const { url } = await start();
    const response = await signIn(url, body);
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('for as long as it was asked for', async () => {
    const at = { now: Date.parse('2026-01-02T03:00:00Z') };
    const { url } = await start(at);
    const once = await signIn(url, { key: keyOf('admin') });
    const kept = await signIn(url, { key: keyOf('admin'), remember: true });
    expect(kept.headers.getSetCookie()[0]).toContain('; Max-Age=2592000');
    const who = async (response: Response) => {
      const answer = await fetch(`${url}/login`, { headers: { cookie: cookieOf(response) } });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    at.now += 11 * hour;
    expect((await who(once)).status).toBe(200);
    at.now += 2 * hour;
    expect(await who(once)).toMatchObject({ status: 401, body: { type: 'urn:ocpp-csms:problem:session-ended' } });
    expect((await who(kept)).status).toBe(200);
    at.now += 30 * 24 * hour;
    expect((await who(kept)).status).toBe(401);
  });

  test('a session in use goes on', async () => {
    const at = { now: Date.parse('2026-01-02T03:00:00Z') };
    const { url } = await start(at);
    const first = await signIn(url, { key: keyOf('admin') });
    const fresh = await fetch(`${url}/login`, { headers: { cookie: cookieOf(first) } });
    expect(fresh.headers.getSetCookie()).toEqual([]);
    at.now += 7 * hour;
    const renewed = await fetch(`${url}/login`, { headers: { cookie: cookieOf(first) } });
    expect(await renewed.json()).toMatchObject({ sessionEndsAt: '2026-01-02T22:00:00.000Z' });
    expect(cookieOf(renewed)).not.toBe(cookieOf(first));
  });

  test('is Secure behind a proxy that does the TLS', async () => {
    const { url } = await startHttp(() => {}, { trustedProxies: ['127.0.0.1'] });
    const response = await signIn(url, { key: keyOf('admin') }, { 'x-forwarded-proto': 'https' });
    expect(response.headers.getSetCookie()[0]).toContain('; Secure');
  });
});

describe('a session', () => {
  test('changes things from the console alone', async () => {
    const { url } = await start();
    const cookie = cookieOf(await signIn(url, { key: keyOf('operator') }));
    const change = (headers: Record<string, string>) =>
      fetch(`${url}/session/things`, { method: 'POST', headers: { cookie, ...headers } });
    expect((await change({})).status).toBe(403);
    expect((await change(fromConsole)).status).toBe(200);
  });

  test('has the role of its key', async () => {
    const { url } = await start();
    const cookie = cookieOf(await signIn(url, { key: keyOf('operator') }));
    const response = await fetch(`${url}/session/things`, { method: 'DELETE', headers: { cookie, ...fromConsole } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ roleNeeded: 'admin' });
  });

  test('is not made up, changed or taken from another system', async () => {
    const { url } = await start();
    const elsewhere = await start();
    const cookie = cookieOf(await signIn(url, { key: keyOf('read-only') }));
    const admin = cookieOf(await elsewhere.ask('/login', adminSignIn(elsewhere.http)));
    const [name = '', value = ''] = cookie.split('=');
    const parts = value.split('.');
    const changed = (index: number, text: string) => `${name}=${parts.with(index, text).join('.')}`;
    for (const wrong of [
      changed(2, String(Number(parts[2]) + 1)),
      changed(3, 'kept'),
      changed(4, ''),
      `${name}=`,
      `${name}=${parts.slice(0, 4).join('.')}`,
      admin,
    ]) {
      const response = await fetch(`${url}/session/things`, { headers: { cookie: wrong } });
      expect(response.status, wrong).toBe(401);
    }
    // Beside a cookie of another system on this host, ours counts.
    const both = await fetch(`${url}/session/things`, { headers: { cookie: `other=1; ${admin}; ${cookie}` } });
    expect(both.status).toBe(200);
  });

  const adminSignIn = (http: Http): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: http.issueLoginCode() }),
  });

  test('does not stand in for a wrong key', async () => {
    const { url } = await start();
    const cookie = cookieOf(await signIn(url, { key: keyOf('admin') }));
    const headers = { cookie, authorization: 'Bearer not-a-key-of-this-system' };
    expect((await fetch(`${url}/session/things`, { headers })).status).toBe(401);
  });

  test('ends when its owner signs out', async () => {
    const { url } = await start();
    const cookie = cookieOf(await signIn(url, { key: keyOf('admin') }));
    const response = await fetch(`${url}/login`, { method: 'DELETE', headers: { cookie } });
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(new RegExp(`^${cookie.split('=')[0]}=; .*Max-Age=0`));
  });
});

describe('the code of the start', () => {
  test('signs in as admin, once', async () => {
    const { url, http } = await start();
    const code = http.issueLoginCode();
    const first = await signIn(url, { code });
    expect(await first.json()).toMatchObject({ name: 'admin', role: 'admin' });
    expect((await signIn(url, { code })).status).toBe(401);
  });

  test('not after a quarter of an hour', async () => {
    const at = { now: Date.now() };
    const { url, http } = await start(at);
    const code = http.issueLoginCode();
    at.now += 15 * 60_000;
    expect((await signIn(url, { code })).status).toBe(401);
  });

  test.each(['x-forwarded-for', 'forwarded'])(
    'not for somebody behind a proxy on this machine (%s)',
    async (header) => {
      const { url, http } = await start();
      const code = http.issueLoginCode();
      expect((await signIn(url, { code }, { [header]: '203.0.113.5' })).status).toBe(401);
    },
  );
});
