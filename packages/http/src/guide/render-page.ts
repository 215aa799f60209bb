import { posix } from 'node:path';
import { Marked, type Tokens } from 'marked';

export interface Heading {
  id: string;
  text: string;
  depth: number;
}

/** A part of a page, for the search. */
export interface Section {
  id: string;
  title: string;
  text: string;
}

export interface Rendered {
  title: string;
  html: string;
  headings: readonly Heading[];
  sections: readonly Section[];
}

export interface RenderOptions {
  /** From the folder of the pages, e.g. `operations/redis.md`. */
  file: string;
  isPage(file: string): boolean;
}

/** One page of the guide as HTML. Links between pages stay relative; what is no page (a file of the source) is shown as text. */
export function renderPage(markdown: string, options: RenderOptions): Rendered {
  const headings: Heading[] = [];
  const sections: Section[] = [];
  const used = new Map<string, number>();
  let section: Section = { id: '', title: '', text: '' };

  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        const plain = plainText(text);
        const id = anchorOf(plain, used);
        headings.push({ id, text: plain, depth });
        section = { id, title: plain, text: '' };
        sections.push(section);
        const inner = this.parser.parseInline(tokens);
        const anchor =
          depth === 1 ? '' : `<a class="anchor" href="#${id}" aria-label="Link to ${escapeHtml(plain)}">#</a>`;
        return `<h${depth} id="${id}">${inner}${anchor}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens);
        const target = targetOf(href, options);
        if (target === undefined)
          return `<span class="source" title="${escapeHtml(href)}, in the source">${inner}</span>`;
        return `<a href="${escapeHtml(target)}"${/^https?:/.test(target) ? ' rel="noreferrer"' : ''}>${inner}</a>`;
      },
      code({ text, lang = '' }: Tokens.Code) {
        section.text += ` ${text}`;
        const language = /^\w+/.exec(lang)?.[0] ?? '';
        return `<div class="code"${language ? ` data-language="${language}"` : ''}><pre tabindex="0"><code>${escapeHtml(text)}</code></pre></div>\n`;
      },
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: 'th' | 'td') =>
          `<tr>${row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
        const all = [token.header, ...token.rows];
        section.text += ` ${all
          .flat()
          .map(({ text }) => plainText(text))
          .join(' ')}`;
        const head = token.header.some(({ text }) => text !== '') ? `<thead>${cells(token.header, 'th')}</thead>` : '';
        const body = token.rows.map((row) => cells(row, 'td')).join('\n');
        return `<div class="table" tabindex="0" role="region" aria-label="Table"><table>${head}<tbody>${body}</tbody></table></div>\n`;
      },
      paragraph({ tokens, text }: Tokens.Paragraph) {
        section.text += ` ${plainText(text)}`;
        return `<p>${this.parser.parseInline(tokens)}</p>\n`;
      },
      listitem(item: Tokens.ListItem) {
        section.text += ` ${plainText(item.text)}`;
        return `<li>${this.parser.parse(item.tokens)}</li>\n`;
      },
      // Comments are for the tests; other HTML is not for pages that are read on a code host as well.
      html: ({ text }: Tokens.HTML | Tokens.Tag) => (text.trimStart().startsWith('<!--') ? '' : escapeHtml(text)),
      image: ({ text }: Tokens.Image) => escapeHtml(text),
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { title: headings[0]?.text ?? options.file, html, headings, sections };
}

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Undefined: it leads to a file that is not a page. */
function targetOf(href: string, { file, isPage }: RenderOptions): string | undefined {
  if (/^(https?:|mailto:|#)/.test(href)) return href;
  const [path = '', fragment] = href.split('#', 2);
  const other = posix.normalize(posix.join(posix.dirname(file), path));
  if (!isPage(other)) return undefined;
  const target = path.replace(/\.md$/, '');
  return fragment === undefined ? target : `${target}#${fragment}`;
}

/** As code hosts make them, so that links with a fragment work on both. */
function anchorOf(text: string, used: Map<string, number>): string {
  const anchor = text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
  const count = used.get(anchor) ?? 0;
  used.set(anchor, count + 1);
  return count === 0 ? anchor : `${anchor}-${count}`;
}

function plainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/<!--[\s\S]*?-->/g, '');
}
