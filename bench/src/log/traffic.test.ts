import { expect, test } from 'vitest';
import { createTraffic, rareAction } from './traffic.ts';

const endsAt = Date.parse('2026-01-11T00:00:00Z');
const take = (count: number) => {
  const traffic = createTraffic({ count, endsAt });
  return Array.from({ length: count }, () => traffic.next());
};

test('messages come in the order of their times and ids, over ten days', () => {
  const messages = take(5000);
  const times = messages.map(({ messageTime }) => messageTime);
  expect(times).toEqual(times.toSorted());
  expect(messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id).toSorted());
  expect(new Set(messages.map(({ id }) => id)).size).toBe(5000);
  expect(times[0]?.slice(0, 10)).toBe('2026-01-01');
  expect(times.at(-1)).toBe('2026-01-11T00:00:00.000Z');
});

test('answers that are decided follow their CALL, from the other side', () => {
  const messages = take(5000);
  const answers = messages.filter(({ answerTo }) => answerTo !== undefined);
  expect(answers.length).toBeGreaterThan(100);
  for (const { answerTo, client, origin, body } of answers) {
    const call = messages.find(({ id }) => id === answerTo);
    expect(call?.client).toBe(client);
    expect(call?.origin).not.toBe(origin);
    expect(call?.body.messageType).toBe(body.messageType);
  }
});

test('what is rare is there and rare', () => {
  const rare = take(100_000).filter(({ body }) => body.messageType === rareAction);
  expect(rare.length).toBeGreaterThan(2);
  expect(rare.length).toBeLessThan(100);
});
