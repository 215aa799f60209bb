import type { Book, Page } from './book.ts';
import { escapeHtml } from './render-page.ts';
import type { Found } from './search-pages.ts';

/** How a page refers to the others: relative, so that the guide works below any path of a reverse proxy. */
export const linksFrom = (slug: string): string => (slug === '' ? 'guide/' : '../'.repeat(slug.split('/').length - 1));

const linkTo = (prefix: string, slug: string): string => (slug === '' ? `${prefix}../guide` : `${prefix}${slug}`);

export function pageHtml(book: Book, page: Page): string {
  const at = book.pages.indexOf(page);
  const prefix = linksFrom(page.slug);
  const onThisPage = page.headings.filter(({ depth }) => depth === 2 || depth === 3);
  const body = page.slug === '' ? withPrefix(page.html) : page.html;
  return frame({
    title: page.slug === '' ? 'Guide' : page.title,
    prefix,
    book,
    current: page,
    query: '',
    main: `<article>${body}</article>
${neighbours(prefix, book.pages[at - 1], book.pages[at + 1])}`,
    aside:
      onThisPage.length < 2
        ? ''
        : `<nav class="here" aria-label="On this page"><p>On this page</p><ul>${onThisPage
            .map(({ id, text, depth }) => `<li class="depth-${depth}"><a href="#${id}">${escapeHtml(text)}</a></li>`)
            .join('')}</ul></nav>`,
  });
}

/** The first page has no `/` at its end, so that its links are one level further down. */
const withPrefix = (html: string): string => html.replaceAll(/href="(?!https?:|mailto:|#)/g, 'href="guide/');

export function searchHtml(book: Book, query: string, found: readonly Found[]): string {
  const count = found.length === 0 ? 'Nothing was found.' : `${found.length} found`;
  const words = query === '' ? 'Type what you look for.' : `${count}`;
  return frame({
    title: query === '' ? 'Search' : `Search: ${query}`,
    prefix: '',
    book,
    current: undefined,
    query,
    main: `<article><h1>Search</h1><p role="status">${words}</p>${resultsHtml('', found)}</article>`,
    aside: '',
  });
}

export function missingHtml(book: Book, slug: string): string {
  return frame({
    title: 'Not found',
    prefix: linksFrom(slug),
    book,
    current: undefined,
    query: '',
    main: `<article><h1>There is no such page</h1><p>The contents are beside this, and the search knows every page.</p></article>`,
    aside: '',
  });
}

export function resultsHtml(prefix: string, found: readonly Found[]): string {
  const items = found.map(({ target, page, section, excerpt }) => {
    const title = section === page ? escapeHtml(page) : `${escapeHtml(page)}: ${escapeHtml(section)}`;
    return `<li><a href="${escapeHtml(target === '' ? linkTo(prefix, '') : prefix + target)}">${title}</a><p>${escapeHtml(excerpt)}</p></li>`;
  });
  return `<ol class="results">${items.join('')}</ol>`;
}

function neighbours(prefix: string, before: Page | undefined, after: Page | undefined): string {
  const link = (page: Page | undefined, rel: 'prev' | 'next', word: string) =>
    page === undefined
      ? '<span></span>'
      : `<a rel="${rel}" href="${linkTo(prefix, page.slug)}"><small>${word}</small>${escapeHtml(page.title)}</a>`;
  return `<nav class="neighbours" aria-label="Previous and next page">${link(before, 'prev', 'Previous')}${link(after, 'next', 'Next')}</nav>`;
}

interface Frame {
  title: string;
  prefix: string;
  book: Book;
  current: Page | undefined;
  query: string;
  main: string;
  aside: string;
}

function frame({ title, prefix, book, current, query, main, aside }: Frame): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · ocpp-csms</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${prefix}assets/guide.css">
<script src="${prefix}assets/guide.js" defer></script>
</head>
<body data-prefix="${prefix}">
<a class="skip" href="#main">Skip to the text</a>
<header>
<a class="name" href="${linkTo(prefix, '')}">ocpp-csms <span>guide</span></a>
<form role="search" action="${prefix}search" method="get">
<input type="search" name="q" value="${escapeHtml(query)}" placeholder="Search" aria-label="Search the guide" autocomplete="off" maxlength="100">
<div class="live" role="status" hidden></div>
</form>
<a class="api" href="${prefix}../../docs">API reference</a>
</header>
<div class="columns">
<details class="contents" open>
<summary>Contents</summary>
<nav aria-label="Contents">${contents(prefix, book, current)}</nav>
</details>
<main id="main" tabindex="-1">
${main}
</main>
${aside}
</div>
</body>
</html>
`;
}

function contents(prefix: string, book: Book, current: Page | undefined): string {
  const parts = [...new Set(book.pages.map(({ part }) => part))];
  return parts
    .map((part) => {
      const links = book.pages
        .filter((page) => page.part === part)
        .map((page) => {
          const here = page === current ? ' aria-current="page"' : '';
          const words = page.slug === '' ? 'Overview' : page.title;
          return `<li><a href="${linkTo(prefix, page.slug)}"${here}>${escapeHtml(words)}</a></li>`;
        });
      return `${part === '' ? '' : `<p>${escapeHtml(part)}</p>`}<ul>${links.join('')}</ul>`;
    })
    .join('');
}
