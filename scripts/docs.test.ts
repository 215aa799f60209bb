import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pagesBelow('docs')];

describe('every file that a page names is there', () => {
  const path = /`((?:services|packages|apps|e2e|bench|scripts|docs)\/[^`\s*{}<>…]+)`/g;
  test.each(documents)('%s', (document) => {
    const missing = [...read(document).matchAll(path)]
      .map(([, file]) => file ?? '')
      .filter((file) => !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });
});

describe('every link to a file of the project leads somewhere', () => {
  const link = /\]\((?!https?:)([^)#\s]+)/g;
  test.each(documents)('%s', (document) => {
    const targets = [...read(document).matchAll(link)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
  });
});

test('the message journeys name at least what three journeys pass through', () => {
  expect([...read('docs/message-journeys.md').matchAll(/`[^`]+\.ts`/g)].length).toBeGreaterThan(25);
});

function pagesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
}
