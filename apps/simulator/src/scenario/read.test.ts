import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { castOf } from './cast.ts';
import { readScenario, readScenarioFile } from './read.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const examples = readdirSync(folder);

test.each(examples)('%s can be played', (file) => {
  const scenario = readScenarioFile(`${folder}${file}`);
  expect(castOf(scenario, { speed: 60, seed: 1 }).length).toBeGreaterThan(0);
});

const problemsOf = (text: string): string[] => {
  try {
    readScenario(text, 'x.yaml');
  } catch (error) {
    return error instanceof Error ? error.message.split('\n').map((line) => line.trim()) : [];
  }
  return [];
};

test('all that is wrong with a file is said at once, with the lines', () => {
  const text = `name: x
duration: 1 day
sites:
  - name: a
    charge-points:
      - count: 0
        version: ocpp1.5
        colour: red
faults:
  - at: 25:00
    fault: power-cutt`;
  expect(problemsOf(text)).toEqual([
    'x.yaml can not be played:',
    'line 2: duration: must be a duration such as 10m, 2h15m or 2d (is "1 day")',
    'line 6: count: must be a whole number from 1 to 10000 (is 0)',
    'line 7: version: must be one of ocpp1.6, ocpp2.0.1, ocpp2.1, mix (is "ocpp1.5")',
    expect.stringContaining('line 8: there is no colour here; there is id, count,'),
    expect.stringContaining('line 10: at: must be a time such as 06:30'),
    expect.stringContaining('line 11: fault: must be one of power-cut,'),
  ]);
});

test('and what does not go together', () => {
  const text = `name: x
duration: 1d
sites:
  - name: a
    charge-points:
      - id: CP
        cars: [{ between: 09:00-08:00, stay: 1h }]
      - id: CP
  - name: a
    charge-points: [{ count: 2 }]
faults:
  - { at: 1d 06:00, fault: power-cut, site: b }
  - { at: 06:00, fault: quirk, charge-point: a-03 }
  - { at: 06:00, fault: clock-reset, for: 1h, up: 5m }`;
  expect(problemsOf(text).slice(1)).toEqual([
    'line 3: two charge points are called CP',
    'line 7: between: the first time must be before the second (is 09:00-08:00)',
    'line 9: two sites are called a',
    'line 12: at: 1d 06:00 is after the end',
    'line 12: site: there is no b',
    'line 13: charge-point: there is no a-03',
    'line 13: quirk needs a quirk',
    'line 14: for: a clock-reset takes no time',
    'line 14: up: says nothing about a clock-reset',
  ]);
});

test('a file that is no YAML, or is not there', () => {
  expect(problemsOf('a: [1')[1]).toContain('is not valid YAML');
  expect(problemsOf('')[1]).toContain('must have keys with values');
  expect(() => readScenarioFile('/nowhere.yaml')).toThrow('no such file');
});
