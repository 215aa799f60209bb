import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Rendered, renderPage } from './render-page.ts';

export interface Page extends Rendered {
  /** Below `/docs/guide`; empty: the first page. */
  slug: string;
  part: string;
}

export interface Book {
  /** In the order in which they are read. */
  pages: readonly Page[];
  page(slug: string): Page | undefined;
}

const indexFile = 'index.md';

/** What a page belongs to that `index.md` does not name. */
const partOfFolder: Readonly<Record<string, string>> = { operations: 'Operations', decisions: 'Decisions' };
const otherPart = 'More';

/** All pages below `directory`, as HTML, in the order of its `index.md`: a heading for each part, an item with a link for each page. */
export async function readBook(directory: string): Promise<Book> {
  const names = await readdir(directory, { recursive: true });
  const files = names.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.md'));
  const contents = await readFile(join(directory, indexFile), 'utf8');
  const pages: Page[] = [];
  for (const { file, part } of inOrder(contents, files)) {
    const text = await readFile(join(directory, file), 'utf8');
    pages.push({ slug: slugOf(file), part, ...renderPage(text, { file, isPage: (other) => files.includes(other) }) });
  }
  const bySlug = new Map(pages.map((page) => [page.slug, page]));
  return { pages, page: (slug) => bySlug.get(slug) };
}

export const slugOf = (file: string): string => (file === indexFile ? '' : file.replace(/\.md$/, ''));

interface Listed {
  file: string;
  part: string;
}

function inOrder(contents: string, files: readonly string[]): Listed[] {
  const listed: Listed[] = [{ file: indexFile, part: '' }];
  const seen = new Set([indexFile]);
  let part = '';
  for (const line of contents.split('\n')) {
    part = /^## (.+)/.exec(line)?.[1] ?? part;
    if (!line.startsWith('- ')) continue;
    for (const [, target = ''] of line.matchAll(/\]\(([^)#\s]+\.md)\)/g)) {
      const file = posix.normalize(target);
      if (seen.has(file) || !files.includes(file)) continue;
      seen.add(file);
      listed.push({ file, part });
    }
  }
  const others = files.filter((file) => !seen.has(file)).sort();
  return withOthers(listed, others);
}

/** Pages that nobody listed follow the last one of their part. */
function withOthers(listed: Listed[], others: readonly string[]): Listed[] {
  for (const file of others) {
    const part = partOfFolder[posix.dirname(file)] ?? otherPart;
    const last = listed.findLastIndex((entry) => entry.part === part);
    listed.splice(last < 0 ? listed.length : last + 1, 0, { file, part });
  }
  return listed;
}
