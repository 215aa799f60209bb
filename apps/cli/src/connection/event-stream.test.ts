import { expect, test } from 'vitest';
import { readEvents } from './event-stream.ts';

async function eventsOf(...chunks: string[]) {
  async function* stream() {
    for (const chunk of chunks) yield new TextEncoder().encode(chunk);
  }
  const events = [];
  for await (const event of readEvents(stream())) events.push(event);
  return events;
}

test('events, wherever the network cuts them', async () => {
  const text =
    ': connected\n\nid: 1\nevent: message\ndata: {"a":\ndata: 1}\n\n: heartbeat\n\ndata: ü\n\nid: 3\ndata: cut off';
  const expected = [
    { event: 'message', data: '{"a":\n1}', id: '1' },
    { event: 'message', data: 'ü', id: '1' },
  ];
  expect(await eventsOf(text)).toEqual(expected);
  expect(await eventsOf(...text)).toEqual(expected);
});
