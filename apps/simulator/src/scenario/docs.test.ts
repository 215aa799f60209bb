import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { quirks } from '../quirks.ts';
import { faults } from './faults.ts';
import { readScenario, readScenarioFile } from './read.ts';

const file = (path: string) => new URL(`../../../../${path}`, import.meta.url);
const page = readFileSync(file('docs/simulator.md'), 'utf8');

test('docs/simulator.md has each fault and each quirk', () => {
  for (const [name, { words }] of Object.entries(faults)) expect(page).toContain(`| \`${name}\` | ${words} |`);
  for (const [name, words] of Object.entries(quirks))
    expect(page).toContain(`| \`${name}\` | ${words.replace(/ \((?:rows? )?([^)]*)\)$/, ' | $1')} |`);
});

test('its example can be played', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  expect(readScenario(example, 'docs/simulator.md').sites).toHaveLength(1);
});

test('the zoo has each quirk', () => {
  const zoo = readScenarioFile(file('apps/simulator/scenarios/firmware-zoo.yaml').pathname);
  const always = zoo.sites.flatMap((site) => site['charge-points'].flatMap((group) => group.quirks ?? []));
  const atTimes = (zoo.faults ?? []).flatMap(({ quirk }) => quirk ?? []);
  expect([...always, ...atTimes].toSorted()).toEqual(Object.keys(quirks).toSorted());
});
