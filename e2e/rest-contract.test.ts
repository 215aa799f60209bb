import { connectChargePoint } from '@ocpp-csms/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { boot, charge, stopTransaction } from './src/charge-1.6.ts';
import { type Contract, loadContract, type Operation, type Role } from './src/openapi.ts';
import { type ExampleRequest, examples, type Props } from './src/rest-examples.ts';
import { connect, newChargePoint, newToken, register, unique } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

const keys = {
  'read-only': 'read-only-key-of-the-tests',
  operator: 'operator-key-of-the-tests',
  admin: 'admin-key-of-the-tests',
};
const apiKeys = Object.entries(keys).map(([role, key]) => ({ name: role, role: role as 'admin', key }));
const csms = shareCsms({ settings: { http: { apiKeys } } });

let contract: Contract;
let props: Props;

beforeAll(async () => {
  contract = await loadContract(csms.api);
  props = await prepare();
});

/** What the examples speak about: a charge point that is connected and has charged, a refused one, tokens, a template, a command. */
async function prepare(): Promise<Props> {
  const { networkId } = await register(csms);
  const chargePoint = await connectChargePoint({
    url: csms.wsUrl,
    networkId,
    protocol: 'ocpp1.6',
    password: 'correct-horse-16',
  });
  await boot(chargePoint);
  const idToken = await newToken(csms);
  const transactionId = await charge(chargePoint, idToken);
  await stopTransaction(chargePoint, transactionId);
  await chargePoint.call('Authorize', { idTag: unique('UNKNOWN') });
  return { csms, networkId, idToken, transactionId: String(transactionId), chargePoint };
}

const fill = (path: string, params: Record<string, string> = {}) =>
  path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? 'no-such-thing'));

function send(
  { method, path }: Operation,
  { params, query = '', body, headers, key }: ExampleRequest & { key?: string | undefined },
) {
  const api = key === undefined ? csms.api : csms.api.as(key === '' ? undefined : key);
  return api.request(method, fill(path, params) + query, body, headers);
}

describe('every documented route', () => {
  test('has an example', () => {
    const names = contract.operations.map(({ name }) => name);
    expect(names.filter((name) => examples[name] === undefined)).toEqual([]);
    expect(Object.keys(examples).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('answers its example with success, in the documented shape', async () => {
    const wrong: string[] = [];
    for (const operation of contract.operations) {
      const example = await examples[operation.name]?.(props);
      if (example === undefined) continue;
      if (example.stream) {
        wrong.push(...(await problemsOfStream(operation, example)));
        continue;
      }
      const answer = await send(operation, example);
      if (answer.status >= 300 && !example.noneExists)
        wrong.push(`${operation.name}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`);
      wrong.push(...[contract.problemWith(operation, answer)].filter((problem) => problem !== undefined));
    }
    expect(wrong).toEqual([]);
  });

  async function problemsOfStream({ name, path }: Operation, { query = '' }: ExampleRequest): Promise<string[]> {
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${keys['read-only']}`, accept: 'text/event-stream' };
    const response = await fetch(csms.httpUrl + path + query, { headers, signal: abort.signal });
    const type = response.headers.get('content-type') ?? '';
    abort.abort();
    return response.status === 200 && type.startsWith('text/event-stream')
      ? []
      : [`${name}: ${response.status} ${type}`];
  }

  test('answers an unknown object, an unknown query parameter and a broken body with problem details', async () => {
    const wrong: string[] = [];
    for (const operation of contract.operations) {
      for (const [what, request] of invalidRequests(operation, await examples[operation.name]?.(props))) {
        const answer = await send(operation, request);
        if (answer.status < 400 || answer.status >= 500) wrong.push(`${operation.name}, ${what}: ${answer.status}`);
        else
          wrong.push(
            ...[contract.problemWith(operation, answer)].flatMap((problem) =>
              problem === undefined ? [] : [`${what}: ${problem}`],
            ),
          );
      }
    }
    expect(wrong).toEqual([]);
  });

  /** The API must not be in the way of those that take anything: a command to an unknown charge point, an open route. */
  function invalidRequests(
    { path, role, description }: Operation,
    example: ExampleRequest | undefined,
  ): [string, ExampleRequest][] {
    const invalid: [string, ExampleRequest][] = [];
    const query = (description.parameters ?? []).some((parameter) => parameter.in === 'query');
    if (path.includes('{') && !example?.anyParams) invalid.push(['unknown object', { ...example, params: {} }]);
    if (query) {
      invalid.push(['unknown query parameter', { ...example, query: '?noSuchParameter=1' }]);
      const has = (name: string) => (description.parameters ?? []).some((parameter) => parameter.name === name);
      if (has('limit'))
        for (const limit of ['0', '-1', 'abc', '1e9'])
          invalid.push([`limit=${limit}`, { ...example, query: `?limit=${limit}` }]);
      if (has('cursor')) invalid.push(['garbage cursor', { ...example, query: '?cursor=%00garbage' }]);
      if (has('from')) invalid.push(['from=yesterday', { ...example, query: '?from=yesterday' }]);
    }
    if (description.requestBody && role !== 'open') {
      invalid.push(['a body that is no JSON', { ...example, body: '{"broken' }]);
      invalid.push(['a body that is a list', { ...example, body: [] }]);
      invalid.push([
        'a body with an unknown member',
        { ...example, body: { ...(example?.body as object), noSuchMember: 1 } },
      ]);
    }
    return invalid;
  }
});

describe('roles', () => {
  const order: Role[] = ['open', 'read-only', 'operator', 'admin'];

  test('no key and an unknown key: 401 with a challenge everywhere but on open routes', async () => {
    const wrong: string[] = [];
    for (const operation of contract.operations) {
      for (const key of ['', 'not-a-key-of-this-system']) {
        const answer = await send(operation, { params: {}, key });
        const refused = answer.status === 401 && (answer.headers.get('www-authenticate') ?? '').startsWith('Bearer');
        if (refused !== (operation.role !== 'open')) wrong.push(`${operation.name} with "${key}": ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('the matrix: every key on every route', async () => {
    const wrong: string[] = [];
    for (const operation of contract.operations) {
      if (operation.isStream) continue;
      for (const [role, key] of Object.entries(keys)) {
        const mayNot = order.indexOf(role as Role) < order.indexOf(operation.role);
        // The body is not valid: those who may are told 400 or 404, and nothing changes.
        const answer = await send(operation, { params: {}, key, ...(operation.method === 'GET' ? {} : { body: [] }) });
        if ((answer.status === 403) !== mayNot || answer.status === 401)
          wrong.push(`${operation.name} as ${role}: ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('whatever changes something needs more than read-only', () => {
    // Signing in asks for a key by itself, and signing out changes nothing here.
    const changing = contract.operations.filter(({ method, path }) => method !== 'GET' && path !== '/login');
    expect(changing.filter(({ role }) => role === 'read-only' || role === 'open').map(({ name }) => name)).toEqual([]);
  });

  test('a key is never taken from the query, where it would be logged', async () => {
    const answer = await csms.api.as(undefined).request('GET', `/session/transactions?access_token=${keys.admin}`);
    expect(answer.status).toBe(401);
  });
});

test('an unknown path: 404 with problem details for those with a key, 401 for others', async () => {
  expect((await csms.api.request('GET', '/no/such/path')).status).toBe(404);
  expect((await csms.api.as(undefined).request('GET', '/no/such/path')).status).toBe(401);
});

test('the documentation page comes from here, and asks for nothing elsewhere', async () => {
  const page = await (await fetch(`${csms.httpUrl}/docs`)).text();
  const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
  expect(sources.length).toBeGreaterThan(0);
  for (const source of sources) {
    expect(source).not.toMatch(/^(https?:)?\/\//);
    expect((await fetch(new URL(source, `${csms.httpUrl}/docs`))).status, source).toBe(200);
  }
  const policy = (await fetch(`${csms.httpUrl}/docs`)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:/);
});

test('a list is read page by page without gaps or repeats', async () => {
  const ids = new Set(
    (await Promise.all(Array.from({ length: 7 }, () => register(csms)))).map(({ networkId }) => networkId),
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await csms.api.get<{ items: { networkId: string }[]; nextCursor?: string }>(
      `/device-manager/charge-points?limit=3${query}`,
    );
    seen.push(...page.items.map(({ networkId }) => networkId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(seen.length);
  for (const id of ids) expect(seen).toContain(id);
});

test('an Idempotency-Key: the same command once, however often it is asked for', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const ask = () =>
    csms.api.post<{ commandId: string }>(
      `/device-manager/charge-points/${chargePoint.networkId}/commands/ClearCache`,
      {},
      { 'idempotency-key': 'once-and-only-once' },
    );
  const [first, second] = [await ask(), await ask()];
  expect(second.commandId).toBe(first.commandId);
  expect(chargePoint.received.filter(({ action }) => action === 'ClearCache')).toHaveLength(1);
});

test('a payload that breaks the schema of the version is refused before it is sent', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const path = `/device-manager/charge-points/${chargePoint.networkId}/commands`;
  for (const [action, payload] of [
    ['Reset', { type: 'Sideways' }],
    ['RequestStartTransaction', {}],
    ['NoSuchAction', {}],
    ['BootNotification', {}],
  ] as const) {
    const { status } = await csms.api.request('POST', `${path}/${action}`, payload);
    expect([400, 404, 422], action).toContain(status);
  }
  expect(chargePoint.received).toEqual([]);
});

test('one command to many charge points: a result for each', async () => {
  const [online, { networkId: offline }] = [await newChargePoint(csms), await register(csms)];
  await boot(online);
  const body = { chargePoints: [online.networkId, offline, 'no-such-charge-point'], action: 'ClearCache', payload: {} };
  const { results } = await csms.api.post<{ results: { chargePoint: string; status: string }[] }>(
    '/device-manager/commands',
    body,
  );
  expect(results.map(({ chargePoint, status }) => [chargePoint, status])).toEqual([
    [online.networkId, 'answered'],
    [offline, 'refused'],
    ['no-such-charge-point', 'refused'],
  ]);
});

test('the live tail shows a message as it happens', async () => {
  const { networkId } = await register(csms);
  const abort = new AbortController();
  const headers = { authorization: `Bearer ${keys['read-only']}`, accept: 'text/event-stream' };
  const response = await fetch(`${csms.httpUrl}/message-manager/messages/stream?client=${networkId}`, {
    headers,
    signal: abort.signal,
  });
  expect(response.status).toBe(200);
  const chargePoint = await connect(csms, { networkId });
  await boot(chargePoint);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('BootNotification')) break;
  }
  abort.abort();
  expect(text).toContain(networkId);
}, 15_000);
