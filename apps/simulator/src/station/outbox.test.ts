import { expect, test } from 'vitest';
import { AnswerMissing, ErrorAnswer, NotConnected } from '../link.ts';
import { createOutbox, type OutboxOptions } from './outbox.ts';

/** Answers as the script says, and notes what was tried and how long was waited. */
function scene(script: (Error | 'answered')[], retries = { attempts: 3, seconds: 60, isGrowing: true }) {
  const seen = { tried: [] as string[], pauses: [] as number[], discarded: [] as string[], answered: 0 };
  const options: OutboxOptions = {
    online: async () => undefined,
    async call({ action }) {
      seen.tried.push(action);
      const next = script.shift() ?? 'answered';
      if (next instanceof Error) throw next;
      return {};
    },
    retries: () => retries,
    pause: async (seconds) => void seen.pauses.push(seconds),
    discarded: ({ action }) => void seen.discarded.push(action),
  };
  const outbox = createOutbox(options);
  const push = (action: string) =>
    outbox.push({ build: () => ({ action, payload: {} }), answered: () => void seen.answered++ });
  return { outbox, push, seen };
}

test('in order, one after the other', async () => {
  const { outbox, push, seen } = scene([]);
  for (const action of ['a', 'b', 'c']) push(action);
  expect(outbox.length).toBe(3);
  await outbox.empty();
  expect(seen).toMatchObject({ tried: ['a', 'b', 'c'], answered: 3, discarded: [] });
  expect(outbox.length).toBe(0);
});

test('E13, 1.6 §3.7.1: an error or silence counts, the pauses grow, then it is discarded and the next goes on', async () => {
  const { outbox, push, seen } = scene([
    new ErrorAnswer('InternalError'),
    new AnswerMissing('silence'),
    new ErrorAnswer('x'),
  ]);
  push('a');
  push('b');
  await outbox.empty();
  expect(seen).toMatchObject({ tried: ['a', 'a', 'a', 'b'], pauses: [60, 120], discarded: ['a'], answered: 1 });
});

test('common stacks wait as long each time', async () => {
  const errors = [new ErrorAnswer('x'), new ErrorAnswer('x'), new ErrorAnswer('x')];
  const { outbox, push, seen } = scene(errors, { attempts: 3, seconds: 30, isGrowing: false });
  push('a');
  await outbox.empty();
  expect(seen).toMatchObject({ pauses: [30, 30], discarded: ['a'] });
});

test('a lost connection is no failed attempt', async () => {
  const lost = Array.from({ length: 10 }, () => new NotConnected('lost'));
  const { outbox, push, seen } = scene(lost);
  push('a');
  await outbox.empty();
  expect(seen).toMatchObject({ answered: 1, discarded: [] });
});

test('what nobody waits for is sent all the same', async () => {
  const { outbox, seen } = scene([]);
  outbox.push({ build: () => ({ action: 'a', payload: {} }) });
  await outbox.empty();
  expect(seen.tried).toEqual(['a']);
});

test('what is built sees what was answered before', async () => {
  const { outbox } = scene([]);
  let id = 0;
  let used: number | undefined;
  outbox.push({ build: () => ({ action: 'start', payload: {} }), answered: () => (id = 7) });
  outbox.push({
    build: () => {
      used = id;
      return { action: 'stop', payload: {} };
    },
  });
  await outbox.empty();
  expect(used).toBe(7);
});
