import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser } from './parse.ts';

const text = ': comment\r\n\r\nid: 1\nevent: gap\ndata: {"a":\ndata: 1}\n\ndata:two\r\rid\ndata: three\n\nretry: 5\n\n';
const events = [
  { event: 'gap', data: '{"a":\n1}', id: '1' },
  { event: 'message', data: 'two', id: '1' },
  { event: 'message', data: 'three', id: '' },
];

test('the events are the same wherever the text is cut', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: text.length }), { maxLength: 20 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const { push } = createEventParser();
      const found = places.slice(1).flatMap((end, index) => push(text.slice(places[index], end)));
      expect(found).toEqual(events);
    }),
  );
});

test('an event that never ends is refused before it fills the memory', () => {
  const { push } = createEventParser();
  const megabyte = `data: ${'x'.repeat(1024 * 1024)}\n`;
  expect(() => {
    for (let count = 0; count < 20; count++) push(megabyte);
  }).toThrow(RangeError);
});
