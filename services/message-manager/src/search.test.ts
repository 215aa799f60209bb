import { expect, test } from 'vitest';
import { search } from './block-log/search.ts';
import { parseFilter } from './filter.ts';
import { at, heartbeats, message } from './test-support/envelopes.ts';
import { openLog } from './test-support/open-log.ts';
import { type ListBody, startSystem, type TestSystem } from './test-support/system.ts';

const idsOf = ({ items }: Pick<ListBody, 'items'>) => items.map(({ id }) => id);

/** All ids, page by page. */
async function readAll({ list }: Pick<TestSystem, 'list'>, query: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 500; pages++) {
    const page = await list(`${query}${cursor}`);
    ids.push(...idsOf(page));
    if (page.nextCursor === undefined) return ids;
    cursor = `&cursor=${page.nextCursor}`;
  }
  throw new Error('the list does not end');
}

test('the newest are first, or the oldest when asked for', async () => {
  const system = await startSystem();
  const sent = heartbeats(25, { clients: 3 });
  await system.say(...sent.toReversed());
  const ids = sent.map(({ id }) => id);
  expect(await readAll(system, 'limit=10')).toEqual(ids.toReversed());
  expect(await readAll(system, 'limit=10&order=asc')).toEqual(ids);
});

test('messages of one millisecond are neither lost nor repeated between pages', async () => {
  const system = await startSystem();
  const sent = Array.from({ length: 40 }, (_, n) => message({ client: `CP${n % 7}` }));
  await system.say(...sent);
  for (const query of ['limit=3', 'limit=3&order=asc']) {
    const ids = await readAll(system, query);
    expect(ids).toHaveLength(40);
    expect(new Set(ids)).toEqual(new Set(sent.map(({ id }) => id)));
  }
});

test('a client is found exactly, over many seconds', async () => {
  const system = await startSystem();
  const own = Array.from({ length: 120 }, (_, n) => message({ client: 'CP1', messageTime: at(n * 700) }));
  const others = Array.from({ length: 60 }, (_, n) => message({ client: 'CP10', messageTime: at(n * 1400) }));
  await system.say(...own, ...others, message({ client: 'cp1' }));
  const ids = own.map(({ id }) => id);
  expect(await readAll(system, 'client=CP1&limit=7&order=asc')).toEqual(ids);
  expect(await readAll(system, 'client=CP1&limit=1000')).toEqual(ids.toReversed());
  const [from, to] = [at(7000), at(14_000)];
  expect(await readAll(system, `client=CP1&limit=4&order=asc&from=${from}&to=${to}`)).toEqual(ids.slice(10, 20));
  expect(await readAll(system, `client=CP1&limit=4&from=${from}&to=${to}`)).toEqual(ids.slice(10, 20).toReversed());
  expect(await readAll(system, 'client=CP')).toEqual([]);
});

test('the cursor stays where it is while messages arrive', async () => {
  const system = await startSystem();
  const sent = heartbeats(30);
  await system.say(...sent);
  const first = await system.list('limit=10');
  await system.say(...heartbeats(30, { fromMs: 10_000 }));
  const second = await system.list(`limit=10&cursor=${first.nextCursor}`);
  expect([...idsOf(first), ...idsOf(second)]).toEqual(
    sent
      .map(({ id }) => id)
      .toReversed()
      .slice(0, 20),
  );
});

test('each filter finds what it says', async () => {
  const system = await startSystem();
  const heartbeat = message();
  const boot = message({ messageTime: at(1000), body: { messageType: 'BootNotification', msgId: 'boot-1' } });
  const reset = message({ messageTime: at(2000), origin: 'server', body: { messageType: 'Reset', direction: 2 } });
  const error = message({ messageTime: at(3000), body: { messageType: 'Reset', direction: 4 } });
  const unreadable = message({ messageTime: at(4000), raw: '[2,', body: { messageType: '', direction: 0 } });
  const dropped = message({ messageTime: at(5000), origin: 'server', dropped: 'gone', body: { messageType: 'Reset' } });
  const refused = message({
    messageTime: at(6000),
    answer: { direction: 4, messageTime: at(6001), messageBody: { errorCode: 'SecurityError' } },
  });
  const odd = message({ messageTime: at(7000), deviations: [{ rule: 'type', path: '/a', made: '1' }] });
  await system.say(heartbeat, boot, reset, error, unreadable, dropped, refused, odd);
  const found = async (query: string) => (await readAll(system, `order=asc&${query}`)).toString();
  const ids = (...messages: { id: string }[]) => messages.map(({ id }) => id).toString();

  expect(await found('messageType=BootNotification')).toBe(ids(boot));
  expect(await found('msgId=boot-1')).toBe(ids(boot));
  expect(await found('direction=4')).toBe(ids(error));
  expect(await found('direction=0')).toBe(ids(unreadable));
  expect(await found('origin=server')).toBe(ids(reset, dropped));
  expect(await found('errors=true')).toBe(ids(error, unreadable, dropped, refused));
  expect(await found('errors=false')).toBe(ids(heartbeat, boot, reset, odd));
  expect(await found('deviations=true')).toBe(ids(odd));
  expect(await found(`from=${at(2000)}&to=${at(4000)}`)).toBe(ids(reset, error));
  expect(await found('from=2026-01-02T04:00:06%2B01:00')).toBe(ids(refused, odd));
  expect(await found('messageType=Reset&direction=2&client=CP001')).toBe(ids(reset, dropped));
  expect(await found('q=securityerror')).toBe(ids(refused));
});

test('text is found in payload, answer and raw frame, and is taken as it is', async () => {
  const system = await startSystem();
  const quoted = message({ body: { messageBody: { info: 'say "100%_done" \\ Zürich' } } });
  const raw = message({ messageTime: at(10), raw: 'xx"100%_done"' });
  const plain = message({ messageTime: at(20), body: { messageBody: { info: '100 and done' } } });
  await system.say(quoted, raw, plain);
  const found = async (q: string) => readAll(system, `order=asc&q=${encodeURIComponent(q)}`);
  expect(await found('"100%_DONE"')).toEqual([quoted.id, raw.id]);
  expect(await found('100%')).toEqual([quoted.id, raw.id]);
  expect(await found('\\ Zürich')).toEqual([quoted.id]);
  expect(await found("' OR 1=1 --")).toEqual([]);
});

test('a search for text stops at its share and says how far it got; with the cursor it comes to the end', async () => {
  const { database, recorder } = await openLog();
  const needle = message({ messageTime: at(5), body: { messageBody: { info: 'needle' } } });
  const later = [3, 4, 5].map((second) => message({ messageTime: at(second * 1000) }));
  // As the bus delivers them: what is looked through is counted by the batches as they came.
  const others = heartbeats(1000);
  for (const one of [needle, ...later]) await recorder.record([one]);
  for (let n = 0; n < others.length; n += 50) await recorder.record(others.slice(n, n + 50));
  const budget = { messages: [50, 50], blocks: [1, 1], milliseconds: 10_000 };
  for (const [query, expectedPages] of [
    [{ q: 'needle' }, 11],
    [{ q: 'needle', client: 'CP001' }, 2],
  ] as const) {
    let page = await search(database.read, { filter: parseFilter(query), order: 'desc', limit: 10, budget });
    let pages = 1;
    while (page.items.length === 0 && page.next !== undefined) {
      expect(page.scannedTo).toBe(page.next.time);
      page = await search(database.read, {
        filter: parseFilter(query),
        order: 'desc',
        limit: 10,
        budget,
        after: page.next,
      });
      pages += 1;
    }
    expect(page.items.map(({ id }) => id)).toEqual([needle.id]);
    expect(pages).toBe(expectedPages);
  }
  const used = [0, 11, 12];
  const hurried = await search(database.read, {
    filter: parseFilter({ q: 'nowhere' }),
    order: 'desc',
    limit: 10,
    budget: { messages: [50, 50, 50], blocks: [], milliseconds: 10 },
    elapsed: () => used.shift() ?? 99,
  });
  expect(hurried).toMatchObject({ items: [], scannedTo: Date.parse(at(9491)) });
});

test('a filter that cannot be is refused with its name', async () => {
  const system = await startSystem();
  for (const [query, path] of [
    ['from=yesterday', 'query.from'],
    ['to=2026-01-02T03:04:05', 'query.to'],
    [`from=${at(10)}&to=${at(0)}`, 'query.from'],
    ['direction=1', 'query.direction'],
    ['direction=in', 'query.direction'],
    ['origin=charger', 'query.origin'],
    ['errors=maybe', 'query.errors'],
    ['limit=0', 'query.limit'],
    ['order=random', 'query.order'],
    ['clinet=CP001', 'query.clinet'],
    ['cursor=e30', 'query.cursor'],
  ]) {
    const { status, body } = await system.get<{ errors: { path: string }[] }>(`/messages?${query}`);
    expect([query, status, body.errors[0]?.path]).toEqual([query, 400, path]);
  }
});
