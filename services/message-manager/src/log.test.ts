import { expect, test } from 'vitest';
import { search } from './block-log/search.ts';
import type { LoggedMessage } from './message.ts';
import { answerTo, at, heartbeats, message } from './test-support/envelopes.ts';
import { openLog } from './test-support/open-log.ts';
import { startSystem } from './test-support/system.ts';

test('a message that is delivered again is in the log once', async () => {
  const { say, list } = await startSystem();
  const heartbeat = message();
  await say(heartbeat);
  await say(heartbeat, structuredClone(heartbeat));
  expect((await list('')).items.map(({ id }) => id)).toEqual([heartbeat.id]);
});

test('a message comes back as the envelope that it was', async () => {
  const { say, get } = await startSystem();
  const envelope = message({
    tenant: 'fleet',
    deviations: [{ rule: 'type', path: '/connectorId', made: '1', value: '1' }],
    raw: '[2,"1","MeterValues",{"connectorId":"1"}]',
    notAfter: at(5000),
    replyTo: 'node1/device-manager',
    request: { key: ['a'] },
    traceparent: '00-1-2-01',
    dropped: 'the connection went',
    body: { direction: 4, messageType: 'MeterValues', messageBody: { errorCode: 'GenericError', errorDetails: {} } },
  });
  await say(envelope);
  expect((await get<LoggedMessage>(`/messages/${envelope.id}`)).body).toEqual(envelope);
  expect((await get(`/messages/${message().id}`)).status).toBe(404);
});

test('two messages with the same msgId are both in the log', async () => {
  const { say, list } = await startSystem();
  await say(message({ body: { msgId: '1' } }), message({ body: { msgId: '1' } }));
  expect((await list('msgId=1')).items).toHaveLength(2);
});

test('an edge answer is shown with its CALL, with the latency', async () => {
  const { say, list } = await startSystem();
  await say(message({ answer: { direction: 3, messageTime: at(7), messageBody: { currentTime: at(7) } } }));
  const [item] = (await list('')).items;
  expect(item).toMatchObject({ answer: { direction: 3, messageBody: { currentTime: at(7) } }, latencyMs: 7 });
});

test('a decision is shown with the CALL that it answers, and on its own', async () => {
  const { say, list } = await startSystem();
  const call = message({ body: { messageType: 'Authorize', messageBody: { idTag: 'A' } } });
  const answer = answerTo(call, { messageTime: at(120), body: { messageBody: { idTagInfo: { status: 'Accepted' } } } });
  await say(call, answer);
  const { items } = await list('');
  expect(items.map(({ id }) => id)).toEqual([answer.id, call.id]);
  expect(items[1]).toMatchObject({
    answer: { id: answer.id, direction: 3, messageTime: at(120), messageBody: { idTagInfo: { status: 'Accepted' } } },
    latencyMs: 120,
  });
  expect(items[0]).toMatchObject({ answerTo: call.id });
});

test('a command and what the charge point answered are shown together', async () => {
  const { say, list } = await startSystem();
  const call = message({ origin: 'server', body: { messageType: 'Reset', messageBody: { type: 'Soft' } } });
  const answer = answerTo(call, {
    messageTime: at(900),
    body: { direction: 4, messageBody: { errorCode: 'NotSupported' } },
  });
  await say(call, answer);
  const [item] = (await list('origin=server')).items;
  expect(item).toMatchObject({ id: call.id, latencyMs: 900, answer: { direction: 4 } });
});

test('an answer that was dropped does not count when another was written', async () => {
  const { say, list } = await startSystem();
  const call = message({ body: { messageType: 'Authorize' } });
  const lost = answerTo(call, { messageTime: at(10), dropped: 'the connection went' });
  const repeated = answerTo(call, { messageTime: at(500) });
  await say(call, lost, repeated, answerTo(call, { messageTime: at(900) }));
  expect((await list('direction=2')).items[0]).toMatchObject({ latencyMs: 500, answer: { id: repeated.id } });
});

test('poison: NUL, lone surrogates, quotes and right-to-left marks come back as they were', async () => {
  const { say, list, get } = await startSystem();
  const text = 'a\u0000b\ud800c\'"><img \u202e =cmd()\r\n\u001b[31m 😀';
  const envelope = message({
    raw: text,
    dropped: text,
    body: { msgId: text, messageType: text, messageBody: { text, [text]: [text] } },
  });
  const wellFormed = message({ raw: 'a\u0000b', body: { msgId: 'a\u0000b' } });
  await say(envelope, wellFormed, message({ client: 'CP\ud800' }));
  expect((await get<LoggedMessage>(`/messages/${envelope.id}`)).body).toEqual(envelope);
  expect((await get<LoggedMessage>(`/messages/${wellFormed.id}`)).body).toEqual(wellFormed);
  expect((await list('')).items).toHaveLength(3);
});

test('a payload that is nested 20,000 deep does not keep the rest of its batch out of the log', async () => {
  const { recorder, database } = await openLog();
  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
  await recorder.record([message(), message({ raw: '[2,"1",…', body: { messageBody: deep } }), message()]);
  expect((await search(database.read, { filter: { conditions: [] }, order: 'desc', limit: 10 })).items).toHaveLength(3);
});

test('a messageTime that is not as it should be is kept as it was', async () => {
  const { say, list, get, clock } = await startSystem();
  clock.set('2026-03-04T05:06:07.000Z');
  const offset = message({ messageTime: '2026-01-02T04:00:00.5+01:00' });
  const nonsense = message({ messageTime: 'yesterday' });
  await say(offset, nonsense);
  expect((await get<LoggedMessage>(`/messages/${offset.id}`)).body.messageTime).toBe(offset.messageTime);
  expect((await get<LoggedMessage>(`/messages/${nonsense.id}`)).body.messageTime).toBe('yesterday');
  const { items } = await list('from=2026-03-04T05:06:07Z');
  expect(items.map(({ id }) => id)).toEqual([nonsense.id]);
});

test('a message is in the log when publish has resolved, also after a restart', async () => {
  const first = await startSystem();
  await first.say(...heartbeats(50));
  await first.manager.stop();
  const second = await startSystem({ place: first.place });
  expect((await second.list('limit=100')).items).toHaveLength(50);
});

test('statistics say how much there is', async () => {
  const { say, get } = await startSystem();
  expect((await get('/statistics')).body).toMatchObject({ rows: 0, oldest: null, newest: null, parked: 0 });
  await say(...heartbeats(30));
  const { body } = await get<{ bytes: number; usedBytes: number }>('/statistics');
  expect(body).toMatchObject({ rows: 30, oldest: at(0), newest: at(290) });
  expect(body.usedBytes).toBeGreaterThan(8192);
});

test('ready while the log can be written', async () => {
  const { manager } = await startSystem();
  expect(await manager.readiness()).toBeUndefined();
});
