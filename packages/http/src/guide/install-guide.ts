import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import type { App } from '../app.ts';
import { Problem } from '../problem.ts';

/** Nothing is fetched from elsewhere, nothing runs that is not a file of ours. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const assets: Readonly<Record<string, string>> = {
  'guide.css': 'text/css; charset=utf-8',
  'guide.js': 'text/javascript; charset=utf-8',
};

const query = Type.Object({ q: Type.String({ maxLength: 100, default: '' }) });

/** `/docs/guide`: the pages below `docs/`, open to everybody, as they hold no data. */
export function installGuide(app: App, directory = fileURLToPath(new URL('../../../../docs/', import.meta.url))): void {
  const config = { role: 'open' } as const;
  const hidden = { config, schema: { hide: true } };
  let opened: ReturnType<typeof openGuide> | undefined;
  /** When somebody reads it for the first time: a node that nobody asks keeps the time and the memory. */
  const guide = async () => {
    opened ??= openGuide(directory);
    return opened.catch((error: NodeJS.ErrnoException) => {
      opened = undefined;
      if (error.code !== 'ENOENT') throw error;
      throw new Problem(404, 'no-guide', `The guide is not part of this installation: there is no ${directory}.`);
    });
  };

  app.get('/docs/guide', hidden, async (_request, reply) => reply.headers(htmlHeaders).send((await guide()).html('')));
  app.get('/docs/guide/search', { config, schema: { hide: true, querystring: query } }, async (request, reply) =>
    reply.headers(htmlHeaders).send((await guide()).searchHtml(request.query.q)),
  );
  app.get('/docs/guide/search.json', { config, schema: { hide: true, querystring: query } }, async (request) =>
    (await guide()).search(request.query.q),
  );
  app.get<{ Params: { name: string } }>('/docs/guide/assets/:name', hidden, async (request, reply) => {
    const { name } = request.params;
    const type = Object.hasOwn(assets, name) ? assets[name] : undefined;
    if (type === undefined) throw new Problem(404, 'not-found', `There is no ${name}.`);
    const content = await readFile(new URL(`./assets/${name}`, import.meta.url));
    return reply.header('cache-control', 'private, max-age=300').type(type).send(content);
  });
  app.get<{ Params: { '*': string } }>('/docs/guide/*', hidden, async (request, reply) => {
    const slug = request.params['*'].replace(/\.md$/, '');
    // The links of the first page are relative to the path without a `/` at its end.
    if (slug === '' || slug === 'index') return reply.redirect('../guide');
    const { html, missing } = await guide();
    const found = html(slug);
    return reply
      .headers(htmlHeaders)
      .code(found === undefined ? 404 : 200)
      .send(found ?? missing(slug));
  });
}

const htmlHeaders = { 'content-security-policy': policy, 'content-type': 'text/html; charset=utf-8' };

async function openGuide(directory: string) {
  const [{ readBook }, { createSearch }, layout] = await Promise.all([
    import('./book.ts'),
    import('./search-pages.ts'),
    import('./layout.ts'),
  ]);
  const book = await readBook(directory);
  let search: ReturnType<typeof createSearch> | undefined;
  const find = (text: string) => {
    search ??= createSearch(book.pages);
    return search(text);
  };
  return {
    html(slug: string): string | undefined {
      const page = book.page(slug);
      return page && layout.pageHtml(book, page);
    },
    missing: (slug: string) => layout.missingHtml(book, slug),
    search: find,
    searchHtml: (text: string) => layout.searchHtml(book, text, find(text)),
  };
}
