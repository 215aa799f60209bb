import type { Message } from '@ocpp-csms/api-client';
import { expect, test } from 'vitest';
import { nothingHeard, rowsOf, withMessage } from './messages-live.ts';

const message = (id: string, more: Partial<Message> = {}) =>
  ({
    id,
    client: 'CP1',
    messageTime: '2026-01-02T03:04:05.000Z',
    body: { direction: 2, msgId: id, messageType: 'Reset', messageBody: { type: 'Soft' } },
    ...more,
  }) as Message;

const answer = message('b', {
  answerTo: 'a',
  messageTime: '2026-01-02T03:04:05.250Z',
  body: { direction: 3, msgId: 'a', messageType: 'Reset', messageBody: { status: 'Accepted' } },
});

test('an answer that comes later is shown with its CALL', () => {
  const { messages, heard } = [message('a'), answer].reduce(withMessage, nothingHeard);
  expect(heard).toBe(1);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({
    id: 'a',
    latencyMs: 250,
    answer: { id: 'b', direction: 3, messageBody: { status: 'Accepted' } },
  });
});

test('an answer whose CALL is not shown stands for itself', () => {
  const { messages } = [message('c'), answer].reduce(withMessage, nothingHeard);
  expect(messages.map(({ id }) => id)).toEqual(['b', 'c']);
});

test('no more is kept than can be looked at, and all are counted', () => {
  const many = Array.from({ length: 2100 }, (_, count) => message(`m${count}`));
  const { messages, heard } = many.reduce(withMessage, nothingHeard);
  expect(messages).toHaveLength(2000);
  expect(messages[0]?.id).toBe('m2099');
  expect(heard).toBe(2100);
});

test('what was heard and is in the log as well is one row, and an answer finds its CALL in the log', () => {
  const rows = rowsOf([message('d'), answer, message('c')], [message('c'), message('a')]);
  expect(rows.map(({ id }) => id)).toEqual(['d', 'c', 'a']);
  expect(rows[2]).toMatchObject({ latencyMs: 250, answer: { id: 'b' } });
});

test('an answer that is in the log as well is a row of its own only where its CALL is not', () => {
  const call = message('a', {
    answer: { direction: 3, messageTime: '2026-01-02T03:04:05.250Z', messageBody: {}, id: 'b' },
  });
  expect(rowsOf([], [answer, call]).map(({ id }) => id)).toEqual(['a']);
  expect(rowsOf([], [answer]).map(({ id }) => id)).toEqual(['b']);
});
