import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { LoggedMessage } from './message.ts';
import { at, heartbeats, message } from './test-support/envelopes.ts';
import { startSystem, type TestSystem } from './test-support/system.ts';

interface Reader {
  response: IncomingMessage;
  /** What came until now. */
  events: { event: string; id: string | undefined; data: unknown }[];
  ids(): (string | undefined)[];
  close(): void;
}

async function read(system: TestSystem, query = '', headers: Record<string, string> = {}): Promise<Reader> {
  const port = await system.port();
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      path: `/message-manager/messages/stream?${query}`,
      headers: { authorization: `Bearer ${system.key}`, ...headers },
    });
    onTestFinished(() => void request.destroy());
    request.on('error', reject);
    request.on('response', (response) => {
      const events: Reader['events'] = [];
      let rest = '';
      response.setEncoding('utf8').on('error', () => undefined);
      response.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        events.push(...blocks.filter((block) => !block.startsWith(':')).map(parseBlock));
      });
      resolve({ response, events, ids: () => events.map(({ id }) => id), close: () => request.destroy() });
    });
    request.end();
  });
}

function parseBlock(block: string) {
  const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]));
  return {
    event: fields.get('event') ?? '',
    id: fields.get('id'),
    data: JSON.parse(fields.get('data') ?? 'null') as unknown,
  };
}

test('a reader sees what is logged from now on, once and in order, and only what it asked for', async () => {
  const system = await startSystem();
  await system.say(message());
  const reader = await read(system, 'client=CP1&messageType=Heartbeat');
  const own = message({ client: 'CP1', answer: { direction: 3, messageTime: at(3), messageBody: {} } });
  await system.say(message({ client: 'CP2' }), own);
  await system.say(own, message({ client: 'CP1', body: { messageType: 'BootNotification' } }));
  const second = message({ client: 'CP1' });
  await system.say(second);
  await expect.poll(() => reader.ids()).toEqual([own.id, second.id]);
  expect(reader.events[0]).toMatchObject({ event: 'message', data: { client: 'CP1', latencyMs: 3 } });
});

test('a reader that comes again gets what it missed', async () => {
  const system = await startSystem();
  const sent = heartbeats(700);
  await system.say(...sent);
  const logged = (await system.list('order=asc&limit=1000')).items.map(({ id }) => id);
  const from = 100;
  const reader = await read(system, '', { 'last-event-id': sent[from]?.id ?? '' });
  const live = message();
  await expect.poll(() => reader.events.length).toBeGreaterThan(0);
  await system.say(live);
  await expect.poll(() => reader.ids().at(-1), { timeout: 5000 }).toBe(live.id);
  expect(new Set(reader.ids()).size).toBe(reader.events.length);
  expect(reader.events.length).toBeLessThan(logged.length + 1);
});

test('what another node has logged is seen too', async () => {
  const system = await startSystem();
  const reader = await read(system);
  // The other node has committed to the same database and says so.
  const elsewhere = await startSystem({ place: system.place });
  const envelope = message();
  await elsewhere.say(envelope);
  system.bus.broadcast('messages', { kind: 'committed' });
  await expect.poll(() => reader.ids()).toEqual([envelope.id]);
});

test('a slow reader costs no memory and loses nothing when it reads on', async () => {
  const system = await startSystem();
  const responses: ServerResponse[] = [];
  system.http.server.on('request', (_request, response) => responses.push(response));
  const reader = await read(system);
  reader.response.pause();
  const info = 'x'.repeat(20_000);
  const sent = Array.from({ length: 1500 }, (_, n) =>
    message({ client: `CP${n % 5}`, body: { messageBody: { info } } }),
  );
  await system.say(...sent);
  await new Promise((resolve) => setTimeout(resolve, 700));
  const waiting = responses[0]?.writableLength;
  expect(waiting).toBeGreaterThan(0);
  expect(waiting).toBeLessThan(100_000);
  reader.response.resume();
  await expect.poll(() => reader.events.length, { timeout: 15_000 }).toBe(1500);
  expect(new Set(reader.ids())).toEqual(new Set(sent.map(({ id }) => id)));
});

test('readers are bounded, and one that leaves makes room', async () => {
  const system = await startSystem();
  const readers = await Promise.all(Array.from({ length: 100 }, () => read(system)));
  expect(readers.every(({ response }) => response.statusCode === 200)).toBe(true);
  expect((await read(system)).response.statusCode).toBe(503);
  readers[0]?.close();
  await expect.poll(async () => (await read(system)).response.statusCode).toBe(200);
});

test('a filter that cannot be is refused before the stream begins', async () => {
  const system = await startSystem();
  expect((await read(system, 'from=now')).response.statusCode).toBe(400);
});

test('stopping closes the streams', async () => {
  const system = await startSystem();
  const reader = await read(system);
  await system.manager.stop();
  await expect.poll(() => reader.response.complete).toBe(true);
});

test('the data of an event is the message as the list gives it', async () => {
  const system = await startSystem();
  const reader = await read(system);
  await system.say(message({ raw: 'line\nline\r\n\u0000', body: { messageBody: { text: 'a\n\nb\ud800' } } }));
  await expect.poll(() => reader.events.length).toBe(1);
  const [item] = (await system.list('')).items;
  expect(reader.events[0]?.data as LoggedMessage).toEqual(item);
});
