import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** A fenced `sh` block of a page. */
export interface Block {
  page: string;
  line: number;
  text: string;
  /** Why it cannot run on a test machine: `<!-- not run: reason -->` before it. */
  notRun?: string;
  /** `<!-- run: in the background -->` before it: a program that goes on. */
  inBackground: boolean;
}

/** README.md, and all pages of the guide in the order in which somebody new reads them. */
export function pagesWithCommands(): string[] {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md') && file !== 'docs/get-started.md')
    .sort();
  return ['README.md', 'docs/get-started.md', ...pages];
}

export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  for (let at = 0; at < lines.length; at++) {
    if (!/^```(sh|bash|shell|console)\b/.test(lines[at] ?? '')) continue;
    const end = lines.indexOf('```', at + 1);
    const comment = commentBefore(lines, at);
    const notRun = /^<!-- not run: (.+) -->$/.exec(comment)?.[1];
    blocks.push({
      page,
      line: at + 1,
      text: lines.slice(at + 1, end).join('\n'),
      inBackground: comment === '<!-- run: in the background -->',
      ...(notRun === undefined ? {} : { notRun }),
    });
    at = end;
  }
  return blocks;
}

/** The line above, whether or not one is left free between. */
const commentBefore = (lines: readonly string[], at: number): string => (lines[at - 1] || lines[at - 2] || '').trim();
