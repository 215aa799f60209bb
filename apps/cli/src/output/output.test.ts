import { describe, expect, test } from 'vitest';
import type { LoggedMessage } from '../connection/answers.ts';
import { jsonLine } from './json.ts';
import { messageLine } from './message-line.ts';
import { printable } from './printable.ts';
import { type Column, facts, table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { fitted, textWidth } from './text-width.ts';
import { duration } from './time.ts';

const screen = (columns: number): Terminal => ({
  isScreen: true,
  columns,
  out: async () => {},
  note: () => {},
  prompt: () => {},
  paint: (_, text) => text,
});
const file = { ...screen(Number.POSITIVE_INFINITY), isScreen: false };

interface Row {
  id: string;
  name: string;
  count: number;
}

const columns: Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NAME', text: ({ name }) => name, flexible: true },
  { title: 'COUNT', text: ({ count }) => String(count), right: true },
];
const rows: Row[] = [
  { id: 'CP1', name: 'a name that is rather long for a screen', count: 7 },
  { id: 'CP22', name: '充电桩 ü', count: 12345 },
];

describe('a table', () => {
  test('has each column as wide as it needs, numbers to the right', () => {
    expect(table(rows, columns, file)).toBe(
      [
        'ID    NAME                                     COUNT',
        'CP1   a name that is rather long for a screen      7',
        'CP22  充电桩 ü                                 12345',
        '',
      ].join('\n'),
    );
  });

  test('takes from the flexible column what the screen has not', () => {
    const lines = table(rows, columns, screen(40)).trimEnd().split('\n');
    expect(lines.map(textWidth)).toEqual([40, 40, 40]);
    expect(lines[1]).toContain('a name that is rather long…');
    expect(lines[1]).toMatch(/^CP1 .* 7$/);
  });

  test('is laid out whatever the screen is', () => {
    for (let width = 10; width < 60; width++) expect(table(rows, columns, screen(width)).split('\n')).toHaveLength(4);
  });
});

test('facts that are not known are left out', () => {
  expect(
    facts([
      ['name', 'x'],
      ['model', undefined],
      ['tags', ''],
    ]),
  ).toBe('name  x\n');
});

test('what does not fit ends with an ellipsis, between letters', () => {
  expect(fitted('abcdef', 4)).toBe('abc…');
  expect(fitted('充电桩', 4)).toBe('充…');
  expect(fitted('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧 …');
  expect(fitted('abcd', 4)).toBe('abcd');
});

test('control characters and what turns the direction are not passed on', () => {
  const signs = ['\u001b', '\u009b', '\u007f', '\u202e', '\n', '\r', '\0', '\ud800'];
  expect(printable(signs.join('a'))).toBe(Array(8).fill('\uFFFD').join('a'));
  const line = jsonLine({ text: signs.join('a') });
  expect([...line.trimEnd()].filter((sign) => /\p{C}/u.test(sign))).toEqual([]);
  expect(JSON.parse(line)).toEqual({ text: signs.join('a') });
});

test.each([
  [400, '0 s'],
  [59_000, '59 s'],
  [61_000, '1 min'],
  [3_600_000, '1 h'],
  [12_000_000, '3 h 20 min'],
  [86_400_000, '1 d'],
  [187_200_000, '2 d 4 h'],
])('%d ms are %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

describe('the line of a message', () => {
  const now = new Date();
  const call: LoggedMessage = {
    id: '1',
    client: 'CP001',
    origin: 'client',
    serverNode: 'node-1',
    messageTime: now.toISOString(),
    body: { direction: 2, msgId: 'm', messageType: 'Authorize', messageBody: { idTag: 'A'.repeat(100) } },
  };
  const lineOf = (message: LoggedMessage, terminal: Terminal) => messageLine(message, terminal, now).slice(13);

  test('has the answer, and is cut where the screen ends', () => {
    const answered = {
      ...call,
      answer: { direction: 3, messageTime: now.toISOString(), messageBody: { idTagInfo: { status: 'Blocked' } } },
      latencyMs: 12,
    };
    expect(lineOf(answered, file)).toBe(`CP001      → Authorize {"idTag":"${'A'.repeat(100)}"} ⇒ Blocked 12 ms`);
    const short = messageLine(answered, screen(80), now);
    expect(textWidth(short)).toBe(80);
    expect(short).toMatch(/… ⇒ Blocked 12 ms$/);
  });

  test('says errors, what could not be read, was not sent or was not as it should be', () => {
    const body = { ...call.body, messageBody: {} };
    expect(lineOf({ ...call, body: { ...body, direction: 4 } }, file)).toContain('error to Authorize');
    expect(lineOf({ ...call, body: { ...body, direction: 0, messageBody: undefined }, raw: '[2' }, file)).toContain(
      'not readable "[2"',
    );
    expect(lineOf({ ...call, origin: 'server', dropped: 'it has gone' }, file)).toContain('← Authorize');
    expect(lineOf({ ...call, dropped: 'it has gone' }, file)).toContain('not sent: it has gone');
    const deviations = [{ rule: 'too-long', path: '/idTag', made: 'kept' }];
    expect(lineOf({ ...call, deviations }, file)).toContain('! too-long');
  });
});
