import { createServer } from 'node:http';
import { connect } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { TableClient } from '@azure/data-tables';
import type { Envelope } from '@ocpp-csms/bus';
import { azurite, azuriteConnectionString } from '@ocpp-csms/testing';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type FilterQuery, parseFilter } from '../filter.ts';
import type { LogStore, Order } from '../log-store.ts';
import { azureSettings, azuriteOrSkip, newTable, openAzure, useAzure } from '../test-support/azure.ts';
import { answerTo, at, heartbeats, message } from '../test-support/envelopes.ts';
import { startSystem } from '../test-support/system.ts';
import { search } from './azure-search.ts';
import { inspectAzureLog } from './inspect-azure-log.ts';
import { RecentLines } from './recent-lines.ts';
import { openTable } from './table.ts';

const isSame = (one: unknown, other: unknown) => isDeepStrictEqual(one, other);
const idsOf = (envelopes: readonly Envelope[]) => envelopes.map(({ id }) => id);

async function allIds(store: LogStore, query: FilterQuery = {}, order: Order = 'asc', limit = 1000): Promise<string[]> {
  const ids: string[] = [];
  let after: unknown;
  do {
    const page = await store.search({
      filter: parseFilter(query),
      order,
      limit,
      ...(after === undefined ? {} : { after }),
    });
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

// On a new machine it is fetched from the registry first.
beforeAll(async () => {
  await azurite();
}, 360_000);

test('a message is a row with the columns that other programs read', async (context) => {
  const { connectionString } = await azuriteOrSkip(context);
  const table = newTable();
  const store = await openAzure(azureSettings({ connectionString }, table));
  const heartbeat = message({ client: 'fleet/CP#1?', body: { messageBody: { text: 'ü' } } });
  await store.record([heartbeat]);
  const client = TableClient.fromConnectionString(connectionString, table, { allowInsecureConnection: true });
  const row = await client.getEntity('fleet!002fCP!00231!003f', `001767322800000-${heartbeat.id}`);
  expect(row).toMatchObject({
    serverNode: 'node1',
    direction: 2,
    messageTime: at(0),
    body: JSON.stringify(heartbeat.body),
  });
});

test('it can be looked at before it is there, and says when the key is wrong or nobody answers', async (context) => {
  const { connectionString } = await azuriteOrSkip(context);
  const table = newTable();
  expect(await inspectAzureLog(azureSettings({ connectionString }, table))).toBe(`Azure table ${table}`);
  const client = TableClient.fromConnectionString(connectionString, table, { allowInsecureConnection: true });
  await expect(client.getEntity('a', 'b')).rejects.toThrow('TableNotFound');
  const wrongKey = connectionString.replace(/AccountKey=[^;]*/, `AccountKey=${btoa('another key')}`);
  await expect(inspectAzureLog(azureSettings({ connectionString: wrongKey }))).rejects.toThrow('connectionString');
  const nobody = connectionString.replace(/:\d+\//, ':1/');
  await expect(inspectAzureLog(azureSettings({ connectionString: nobody }))).rejects.toThrow('Check the network');
});

test('a batch that is delivered again, here, by another process or after a restart, lies over itself', async (context) => {
  const settings = azureSettings(await azuriteOrSkip(context));
  const store = await openAzure(settings);
  const sent = heartbeats(60);
  await store.record(sent.slice(0, 40));
  await store.record([...sent.slice(30), ...sent.slice(50)]);
  const other = await openAzure(settings);
  await Promise.all([other.record(sent), other.record(sent.toReversed())]);
  expect(await allIds(store)).toEqual(idsOf(sent));
  expect(await allIds(store, { client: 'CP3' })).toEqual(idsOf(sent.filter(({ client }) => client === 'CP3')));
});

test('a message comes back as the envelope that it was, whatever its size and its characters', async (context) => {
  const settings = azureSettings(await azuriteOrSkip(context));
  const store = await openAzure(settings);
  const text = 'a\u0000b\ud800c\'"><img \u202e =cmd()\r\n\u001b[31m 😀/\\#?%';
  const sent = [
    message({
      client: text,
      raw: text,
      dropped: text,
      tenant: 'fleet',
      body: { msgId: text, messageBody: { [text]: text } },
    }),
    message({ client: 'x'.repeat(2000), id: 'y'.repeat(2000), messageTime: 'yesterday', serverNode: '\ud800' }),
    // 64 KiB of a property end in the middle of a pair, whichever way it is counted.
    message({ body: { messageBody: { odd: `"${'😀'.repeat(40_000)}` } } }),
    message({ raw: '😀'.repeat(100_000), body: { messageBody: { even: '😀'.repeat(40_000) } } }),
    // More than 1 MiB, which is the most that an entity holds.
    message({ messageTime: at(5), body: { messageBody: { large: 'ü"'.repeat(700_000) } } }),
    message({ messageTime: at(6), body: { messageType: 'x'.repeat(600_000), messageBody: {} } }),
  ];
  await store.record(sent);
  for (const envelope of sent) {
    const { items } = await store.search({
      filter: parseFilter({ client: envelope.client }),
      order: 'desc',
      limit: 100,
    });
    // Compared as text, since a difference would be shown as it is: some megabytes.
    expect(
      isSame(
        items.find(({ id }) => id === envelope.id),
        envelope,
      ),
    ).toBe(true);
  }
  expect(await allIds(store)).toHaveLength(sent.length);
  for (const envelope of sent) expect(isSame(await store.find(envelope.id), envelope)).toBe(true);
});

test('a payload that is nested 20,000 deep does not keep the rest of its batch out of the log', async (context) => {
  const store = await openAzure(azureSettings(await azuriteOrSkip(context)));
  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
  await store.record([message(), message({ body: { messageBody: deep } }), message()]);
  expect(await allIds(store)).toHaveLength(3);
});

test('more than 100 messages and more than 4 MiB of one client in one batch', async (context) => {
  const store = await openAzure(azureSettings(await azuriteOrSkip(context)));
  const many = heartbeats(250, { clients: 1 });
  const large = Array.from({ length: 12 }, (_, n) =>
    message({ client: 'CP0', messageTime: at(5000 + n), body: { messageBody: { info: '"'.repeat(200_000) } } }),
  );
  await store.record([...many, ...large]);
  expect(await allIds(store, { client: 'CP0' }, 'desc', 40)).toEqual(idsOf([...many, ...large]).toReversed());
});

test('order and pages over all clients and over one, in both directions', async (context) => {
  const store = await openAzure(azureSettings(await azuriteOrSkip(context)));
  // Hours without anything, minutes with much, and several in a millisecond.
  const sent = Array.from({ length: 90 }, (_, n) => {
    const time = Math.floor(n / 30) * 9_000_000 + Math.floor((n % 30) / 3) * 7000;
    return message({ client: `CP${n % 3}`, messageTime: at(time) });
  });
  await store.record(sent.slice(0, 50));
  await store.record(sent.slice(50));
  const [from, to] = [at(7000), at(9_007_000)];
  const within = sent.filter(({ messageTime }) => messageTime >= from && messageTime < to);
  for (const limit of [4, 1000]) {
    for (const query of [{}, { client: 'CP1' }]) {
      const wanted = (some: Envelope[]) => idsOf(some.filter(({ client }) => (query.client ?? client) === client));
      expect(await allIds(store, query, 'asc', limit)).toEqual(wanted(sent));
      expect(await allIds(store, query, 'desc', limit)).toEqual(wanted(sent).toReversed());
      expect(await allIds(store, { ...query, from, to }, 'desc', limit)).toEqual(wanted(within).toReversed());
      expect(await allIds(store, { ...query, from, to }, 'asc', limit)).toEqual(wanted(within));
    }
  }
  expect(await allIds(store, { client: 'cp1' })).toEqual([]);
});

test('over REST: filters, answers, one message, statistics with what the service cannot say', async (context) => {
  const { connectionString } = await azuriteOrSkip(context);
  const system = await startSystem({ configure: (settings) => useAzure(settings, connectionString, newTable()) });
  const call = message({ body: { messageType: 'Authorize', msgId: 'a-1', messageBody: { idTag: 'Needle' } } });
  const lost = answerTo(call, { messageTime: at(10), dropped: 'the connection went' });
  const answer = answerTo(call, { messageTime: at(120), body: { messageBody: { status: 'Accepted' } } });
  const edge = message({ messageTime: at(2000), answer: { direction: 4, messageTime: at(2007), messageBody: {} } });
  await system.say(call, lost, answer, edge);
  const found = async (query: string) => (await system.list(`order=asc&${query}`)).items.map(({ id }) => id);
  expect(await found('')).toEqual([call.id, lost.id, answer.id, edge.id]);
  for (const client of ['', '&client=CP001']) {
    expect(await found(`messageType=Authorize&direction=2${client}`)).toEqual([call.id]);
    expect(await found(`msgId=a-1&origin=server${client}`)).toEqual([lost.id, answer.id]);
    expect(await found(`errors=true${client}`)).toEqual([lost.id, edge.id]);
    expect(await found(`q=needle${client}`)).toEqual([call.id]);
    expect(await found(`deviations=true${client}`)).toEqual([]);
  }
  const one = (await system.get(`/messages/${call.id}`)).body;
  expect(one).toMatchObject({ latencyMs: 120, answer: { id: answer.id, direction: 3 } });
  expect((await system.get(`/messages/${message().id}`)).status).toBe(404);
  expect((await system.get('/messages?cursor=e30')).status).toBe(400);
  const nothing = { rows: null, bytes: null, usedBytes: null };
  expect((await system.get('/statistics')).body).toEqual({ ...nothing, oldest: at(0), newest: at(2000), parked: 0 });
  expect(await system.manager.readiness()).toBeUndefined();
});

test('a search that has used its time says how far it got, and comes to the end with the cursor', async (context) => {
  const { connectionString } = await azuriteOrSkip(context);
  const sent = heartbeats(300, { clients: 2 });
  const table = newTable();
  const store = await openAzure(azureSettings({ connectionString }, table));
  await store.record(sent);
  const messages = openTable({ connectionString, name: table });
  const index = openTable({ connectionString, name: `${table}Index` });
  const tables = { messages, index, recent: new RecentLines() };
  let now = 0;
  const request = {
    filter: parseFilter({ q: 'nowhere' }),
    order: 'desc',
    limit: 10,
    budgetMs: 50,
    elapsed: () => now++,
  } as const;
  const first = await search(tables, request);
  expect(first).toMatchObject({ items: [], scannedTo: Date.parse(at(2490)) });
  let page = first;
  for (let pages = 0; page.next !== undefined; pages++) {
    expect(pages).toBeLessThan(40);
    page = await search(tables, { ...request, after: page.next });
  }
});

test('an export has everything once, without what comes meanwhile', async (context) => {
  const store = await openAzure(azureSettings(await azuriteOrSkip(context)));
  const sent = heartbeats(550, { clients: 20 });
  await store.record(sent);
  const ids: string[] = [];
  for await (const text of store.export({ conditions: [] }, 'asc')) {
    if (ids.length === 0) await store.record(heartbeats(20, { fromMs: 5_000_000 }));
    ids.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as Envelope).id),
    );
  }
  expect(ids).toEqual(idsOf(sent));
});

test('a live reader sees what each node logs, once, and goes on behind the last that it saw', async (context) => {
  const settings = azureSettings(await azuriteOrSkip(context));
  // Clocks of nodes differ.
  const [one, other] = [await openAzure(settings), await openAzure(settings, { now: '2026-01-02T03:03:00.000Z' })];
  await one.record([message()]);
  const filter = parseFilter({ messageType: 'Heartbeat' });
  let place = await one.newest();
  const seen: string[] = [];
  const look = async () => {
    const step = await one.tail(filter, place);
    seen.push(...step.items.map(({ id }) => id));
    place = step.place;
  };
  const [first, second, third] = [heartbeats(5), heartbeats(5), heartbeats(5)];
  await other.record(first);
  await other.record([...first, message({ body: { messageType: 'BootNotification' } })]);
  await look();
  expect(seen).toEqual(idsOf(first));
  await Promise.all([one.record(second), other.record(third)]);
  await look();
  await look();
  expect(seen.toSorted()).toEqual(idsOf([...first, ...second, ...third]).toSorted());
  const again = await one.tail(filter, (await one.placeOf(second.at(-1)?.id ?? '')) ?? 0);
  expect(again.items.map(({ id }) => id)).toEqual(expect.arrayContaining(idsOf(third)));
  expect(again.items.some(({ id }) => idsOf(second).includes(id))).toBe(false);
});

test('what is older than retentionDays is deleted, on two nodes at once, and nothing else', async (context) => {
  const settings = azureSettings(await azuriteOrSkip(context));
  const early = heartbeats(150, { clients: 3 });
  const large = message({ messageTime: at(700), body: { messageBody: { large: 'x'.repeat(1_200_000) } } });
  const late = heartbeats(20, { fromMs: 200_000_000 });
  const store = await openAzure(settings);
  await store.record([...early, large, ...late]);
  const nodes = [0, 1].map(() => openAzure(settings, { now: at(250_000_000), retentionDays: 1 }));
  for (const node of await Promise.all(nodes)) node.start();
  await expect.poll(() => allIds(store), { timeout: 15_000 }).toEqual(idsOf(late));
  expect(await allIds(store, { client: 'CP001' })).toEqual([]);
  await expect.poll(() => store.statistics(), { timeout: 10_000 }).toMatchObject({ oldest: at(200_000_000) });
});

test('a service that is away, busy or does not let us in is tried again by the bus; a secret is told to nobody', async (context) => {
  const { connectionString } = await azuriteOrSkip(context);
  const table = newTable();
  await openAzure(azureSettings({ connectionString }, table));
  const wrongKey = connectionString.replace(/AccountKey=.{6}/, 'AccountKey=Secret');
  await expect(openAzure(azureSettings({ connectionString: wrongKey }, table))).rejects.toMatchObject({
    transient: true,
    message: expect.not.stringMatching(/Secret/),
  });
  await expect(openAzure(azureSettings({ connectionString: azuriteConnectionString(1) }))).rejects.toMatchObject({
    name: 'TableUnavailable',
    message: expect.stringContaining('Check the network'),
  });
  await expect(openAzure(azureSettings({ connectionString: 'AccountKey=Secret' }))).rejects.toThrow(
    /^azureTables.connectionString cannot be read.(?!.*Secret)/,
  );
});

test('tables that somebody has deleted are made again', async (context) => {
  const { connectionString } = await azuriteOrSkip(context);
  const table = newTable();
  const store = await openAzure(azureSettings({ connectionString }, table));
  for (const name of [table, `${table}Index`]) {
    await TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true }).deleteTable();
  }
  const sent = heartbeats(3);
  await expect(store.probe()).rejects.toMatchObject({ transient: true });
  await expect(store.record(sent)).rejects.toMatchObject({ transient: true });
  await store.record(sent);
  expect(await allIds(store)).toEqual(idsOf(sent));
});

test('a service that is too busy is asked again when it says so, and the bus is told when it stays so', async (context) => {
  const { port } = await azuriteOrSkip(context);
  const front = await startFront(port);
  const settings = azureSettings({ connectionString: azuriteConnectionString(front.port) });
  const store = await openAzure(settings);
  const sent = heartbeats(3, { clients: 1 });
  front.refuse(1, 429);
  const start = performance.now();
  await store.record(sent);
  expect(performance.now() - start).toBeGreaterThan(950);
  front.refuse(1000, 503);
  await expect(store.record(heartbeats(3, { clients: 1 }))).rejects.toMatchObject({ transient: true });
  front.refuse(0, 503);
  expect(await allIds(store)).toEqual(idsOf(sent));
});

/** Stands before the service and says that it is too busy, as often as is wished, with `Retry-After: 1`. */
async function startFront(port: number) {
  let refusals = 0;
  let status = 503;
  const server = createServer((request, response) => {
    if (refusals > 0 && request.method === 'POST') {
      refusals -= 1;
      request.resume();
      response.writeHead(status, { 'retry-after': '1' }).end();
      return;
    }
    const head = [`${request.method} ${request.url} HTTP/1.1`];
    for (let n = 0; n < request.rawHeaders.length; n += 2) {
      if (!/^connection$/i.test(request.rawHeaders[n] ?? ''))
        head.push(`${request.rawHeaders[n]}: ${request.rawHeaders[n + 1]}`);
    }
    const behind = connect(port, '127.0.0.1');
    behind.on('error', () => response.destroy());
    behind.write(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`);
    request.pipe(behind, { end: false });
    behind.pipe(response.socket ?? response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    refuse: (times: number, how: number) => {
      refusals = times;
      status = how;
    },
  };
}
