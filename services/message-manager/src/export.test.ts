import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { LoggedMessage } from './message.ts';
import { at, heartbeats, message } from './test-support/envelopes.ts';
import { startSystem, type TestSystem } from './test-support/system.ts';

async function startExport(system: TestSystem, query = ''): Promise<IncomingMessage> {
  const port = await system.port();
  const path = `/message-manager/messages/export?${query}`;
  const headers = { authorization: `Bearer ${system.key}` };
  const request = httpRequest({ port, host: '127.0.0.1', path, headers }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response.setEncoding('utf8');
}

async function linesOf(response: IncomingMessage): Promise<LoggedMessage[]> {
  let text = '';
  for await (const chunk of response) text += chunk;
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LoggedMessage);
}

test('20,000 messages are exported in order, without what comes meanwhile', async () => {
  const system = await startSystem();
  const sent = heartbeats(20_000, { clients: 37 });
  for (let n = 0; n < sent.length; n += 2000) await system.say(...sent.slice(n, n + 2000));
  const response = await startExport(system);
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  await once(response, 'readable');
  await system.say(...heartbeats(100, { fromMs: 500_000 }));
  const lines = await linesOf(response);
  expect(lines.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
});

test('an export has the filters of the list and each CALL with its answer', async () => {
  const system = await startSystem();
  const answer = { direction: 3, messageTime: at(4), messageBody: {} } as const;
  const sent = heartbeats(3000, { clients: 3 });
  await system.say(...sent, message({ client: 'CP1', body: { messageType: 'BootNotification' }, answer }));
  const boots = await linesOf(await startExport(system, 'client=CP1&messageType=BootNotification'));
  expect(boots).toMatchObject([{ client: 'CP1', answer, latencyMs: 4 }]);
  const newestFirst = await linesOf(await startExport(system, 'client=CP2&order=desc'));
  const own = sent.filter(({ client }) => client === 'CP2').map(({ id }) => id);
  expect(newestFirst.map(({ id }) => id)).toEqual(own.toReversed());
  expect(await linesOf(await startExport(system, 'q=nowhere'))).toEqual([]);
});

test('a reader who goes in the middle of an export does no harm', async () => {
  const system = await startSystem();
  await system.say(...heartbeats(5000));
  const response = await startExport(system);
  await once(response, 'readable');
  response.destroy();
  expect((await system.list('limit=1')).items).toHaveLength(1);
});
