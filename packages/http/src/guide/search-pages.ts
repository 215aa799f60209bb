import MiniSearch from 'minisearch';
import type { Page } from './book.ts';

export interface Found {
  /** Below `/docs/guide`, with the fragment. */
  target: string;
  page: string;
  section: string;
  /** Around the first word that was found. */
  excerpt: string;
}

export type SearchPages = (query: string) => Found[];

const most = 20;
const excerptLength = 160;

/** Finds sections by words, by their beginnings, and with a typing mistake. */
export function createSearch(pages: readonly Page[]): SearchPages {
  const sections = pages.flatMap((page) =>
    page.sections.map(({ id, title, text }, at) => ({
      id: `${page.slug}#${at}`,
      target: at === 0 ? page.slug : `${page.slug}#${id}`,
      page: page.title,
      section: title,
      text,
    })),
  );
  const byId = new Map(sections.map((section) => [section.id, section]));
  const index = new MiniSearch<(typeof sections)[number]>({
    fields: ['section', 'page', 'text'],
    searchOptions: { boost: { section: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
  });
  index.addAll(sections);
  return (query) =>
    index
      .search(query)
      .slice(0, most)
      .flatMap(({ id, terms }) => {
        const found = byId.get(id);
        if (found === undefined) return [];
        const { target, page, section, text } = found;
        return [{ target, page, section, excerpt: excerptOf(text, terms) }];
      });
}

function excerptOf(text: string, terms: readonly string[]): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  const lower = plain.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const from = Math.max(0, (places.length > 0 ? Math.min(...places) : 0) - excerptLength / 3);
  const cut = plain.slice(from, from + excerptLength);
  return `${from > 0 ? '… ' : ''}${cut}${from + excerptLength < plain.length ? ' …' : ''}`;
}
