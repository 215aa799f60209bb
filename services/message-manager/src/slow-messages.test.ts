import { expect, test } from 'vitest';
import { answerTo, at, heartbeats, message } from './test-support/envelopes.ts';
import { type ListBody, startSystem } from './test-support/system.ts';

const slow = message({ messageTime: at(500_000), body: { messageType: 'Authorize' } });
const answer = answerTo(slow, { messageTime: at(502_500) });

test('CALLs that took long are found page by page, and those answered quickly or not at all are not', async () => {
  const system = await startSystem();
  const edge = (latency: number, time: number) => {
    const late = { direction: 3, messageTime: at(time + latency), messageBody: {} } as const;
    return message({ client: 'CP2', messageTime: at(time), answer: late });
  };
  const edges = [edge(1999, 0), edge(2000, 10), edge(9000, 600_000)];
  await system.say(...heartbeats(300), ...edges, slow, answer);
  const ids: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 400; pages++) {
    const page: ListBody = await system.list(`minLatencyMs=2000&limit=2${cursor}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === undefined) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(ids).toEqual([edges[2]?.id, slow.id, edges[1]?.id]);
});

test('the export has the same filter', async () => {
  const system = await startSystem();
  await system.say(...heartbeats(20), slow, answer);
  const headers = { authorization: `Bearer ${system.key}` };
  const url = '/message-manager/messages/export?minLatencyMs=2500';
  const { body } = await system.http.app.inject({ method: 'GET', url, headers });
  expect(body.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(body)).toMatchObject({ id: slow.id, latencyMs: 2500 });
});

test('only CALLs have a latency', async () => {
  const system = await startSystem();
  const { status, body } = await system.get('/messages?minLatencyMs=1&direction=3');
  expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ path: 'query.direction' }] } });
});
