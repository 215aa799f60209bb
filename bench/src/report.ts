/** How figures are put down: Markdown tables, and sections between markers in a page that is otherwise written by hand. */
import type { Spread } from './statistics.ts';

export interface Target {
  target: string;
  reached: string;
  held: boolean;
}

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function targetTable(targets: readonly Target[]): string {
  return table(
    ['target', 'reached', ''],
    targets.map(({ target, reached, held }) => [target, reached, held ? 'held' : '**missed**']),
  );
}

/** `1234 (1200..1300)` */
export function withSpread({ median, min, max }: Spread, digits = 0): string {
  const [middle, low, high] = [median, min, max].map((value) => value.toFixed(digits));
  return `${middle} (${low}..${high})`;
}

export const times = (value: number, reference: number | undefined): string =>
  reference === undefined ? '–' : (value / reference).toFixed(2);

export const megabytes = (bytes: number): number => bytes / 1024 / 1024;

const begin = (name: string) => `<!-- bench:${name} -->`;
const end = (name: string) => `<!-- /bench:${name} -->`;

/** The page with the section of this name replaced; what is written by hand around it stays. Throws when it has no such section. */
export function replaceSection(page: string, name: string, section: string): string {
  const from = page.indexOf(begin(name));
  const to = page.indexOf(end(name));
  if (from < 0 || to < from) throw new Error(`the page has no section between ${begin(name)} and ${end(name)}`);
  return `${page.slice(0, from)}${begin(name)}\n${section.trim()}\n${page.slice(to)}`;
}
