import { expect, test } from 'vitest';
import { firstValueOf, type Schema, violationsOf } from './schema.ts';

const schema: Schema = {
  type: 'object',
  required: ['type', 'periods'],
  properties: {
    note: { type: 'string', maxLength: 5 },
    type: { $ref: '#/definitions/Kind' },
    at: { type: 'string', format: 'date-time' },
    periods: { type: 'array', minItems: 1, maxItems: 2, items: { $ref: '#/definitions/Period' } },
    customData: { type: 'object' },
  },
  definitions: {
    Kind: { type: 'string', enum: ['Hard', 'Soft'] },
    Period: { type: 'object', required: ['start'], properties: { start: { type: 'integer', minimum: 0 } } },
  },
};

test('what stands there at first is all that must be there, and fits', () => {
  const first = firstValueOf(schema, schema);
  expect(first).toEqual({ type: 'Hard', periods: [{ start: 0 }] });
  expect(violationsOf(first, schema)).toEqual([]);
});

test.each([
  [{ periods: [{ start: 1 }] }, 'type', 'must be there'],
  [{ type: 'Warm', periods: [{ start: 1 }] }, 'type', 'must be one of Hard, Soft'],
  [{ type: 'Hard', periods: [] }, 'periods', 'needs at least 1'],
  [{ type: 'Hard', periods: [{ start: -1 }] }, 'periods[0].start', 'must be at least 0'],
  [{ type: 'Hard', periods: [{ start: 1.5 }] }, 'periods[0].start', 'must be a whole number'],
  [{ type: 'Hard', periods: [{ start: 1 }], note: 'too long' }, 'note', 'takes at most 5 characters'],
  [{ type: 'Hard', periods: [{ start: 1 }], at: 'soon' }, 'at', 'must be a time, such as 2026-01-02T03:04:05Z'],
  [{ type: 'Hard', periods: [{ start: 1 }], odd: 1 }, 'odd', 'is not known'],
  [[], '', 'must be an object'],
])('%j', (value, path, message) => expect(violationsOf(value, schema)).toEqual([{ path, message }]));
