import { expect, test } from 'vitest';
import { commandFor, parseOptions, partNames } from './options.ts';

test('without options everything is measured', () => {
  expect(parseOptions([])).toMatchObject({ only: partNames, rounds: 3, seconds: 3, logSizes: [1_000_000, 10_000_000] });
});

test('parts and sizes can be chosen', () => {
  const options = parseOptions(['--only', 'log,start', '--log-sizes', '20000', '--registered', '0,10']);
  expect(options).toMatchObject({ only: ['log', 'start'], logSizes: [20_000], registered: [0, 10] });
});

test('the report names the command that measures a part again', () => {
  const argv = ['--only', 'log,start', '--json', '--rounds', '1', '--report=docs/performance.md', '--seconds=2'];
  expect(commandFor('log', argv)).toBe('npm run bench -- --only log --rounds 1 --seconds=2');
});
