import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { App } from '../app.ts';
import { installErrors } from '../errors.ts';
import { validatorCompiler } from '../validation.ts';
import { readBook } from './book.ts';
import { installGuide } from './install-guide.ts';
import { renderPage } from './render-page.ts';

const root = fileURLToPath(new URL('../../../../docs/', import.meta.url));

async function guideOf(pages?: Readonly<Record<string, string>>): Promise<App> {
  const directory = pages === undefined ? undefined : await folderWith(pages);
  const app: App = fastify();
  app.setValidatorCompiler(validatorCompiler);
  installErrors(app);
  installGuide(app, directory);
  onTestFinished(() => app.close());
  return app;
}

async function folderWith(pages: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'guide-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'operations'));
  for (const [name, text] of Object.entries(pages)) await writeFile(join(directory, name), text);
  return directory;
}

const render = (markdown: string, file = 'page.md') =>
  renderPage(markdown, { file, isPage: (other) => ['other.md', 'operations/redis.md'].includes(other) }).html;

test('links between pages work as they stand; a file of the source is text', () => {
  expect(render('[a](other.md#part)')).toContain('<a href="other#part">a</a>');
  expect(render('[b](../other.md)', 'operations/redis.md')).toContain('<a href="../other">b</a>');
  expect(render('[c](../packages/x.ts)')).toContain(
    '<span class="source" title="../packages/x.ts, in the source">c</span>',
  );
  expect(render('[d](javascript:alert(1))')).not.toContain('href');
});

test('what is in a page is text, never HTML of its own', () => {
  const html = render(
    '# T\n\n<!-- not run: x -->\n\n<script>alert(1)</script>\n\nA <img src=x onerror=y> `<b>`\n\n```sh\necho "<i>"\n```',
  );
  expect(html).not.toMatch(/<(script|img|b|i)\b/);
  expect(html).not.toContain('not run');
  expect(html).toContain('&lt;script&gt;');
});

test('anchors are those of the code hosts, and each is there once', () => {
  const { headings } = renderPage('# A\n\n## What `import` refuses!\n\n## What import refuses', {
    file: 'a.md',
    isPage: () => false,
  });
  expect(headings.map(({ id }) => id)).toEqual(['a', 'what-import-refuses', 'what-import-refuses-1']);
});

test('every link from page to page leads to a heading that is there', async () => {
  const { pages, page } = await readBook(root);
  const broken = pages.flatMap(({ slug, html }) =>
    [...html.matchAll(/href="(?!https?:|mailto:)([^"#]*)#([^"]+)"/g)].flatMap(([, path = '', id = '']) => {
      const target = path === '' ? slug : new URL(path, `http://x/${slug}`).pathname.slice(1);
      return page(target)?.headings.some((heading) => heading.id === id) ? [] : [`${slug}: ${path}#${id}`];
    }),
  );
  expect(broken).toEqual([]);
  expect(pages.length).toBeGreaterThan(30);
});

test('pages follow the index; one that it does not name follows its part', async () => {
  const directory = await folderWith({
    'index.md': '# Guide\n\n## First\n\n- [B](b.md)\n\n## Operations\n\n- [R](operations/redis.md)\n',
    'a.md': '# A',
    'b.md': '# B',
    'operations/redis.md': '# R',
    'operations/new.md': '# New',
  });
  const { pages } = await readBook(directory);
  expect(pages.map(({ slug, part }) => [slug, part])).toEqual([
    ['', ''],
    ['b', 'First'],
    ['operations/redis', 'Operations'],
    ['operations/new', 'Operations'],
    ['a', 'More'],
  ]);
});

test('it is served with a policy that lets nothing in from elsewhere, and fetches nothing', async () => {
  const app = await guideOf();
  for (const path of ['/docs/guide', '/docs/guide/operations/redis', '/docs/guide/search?q=adopt']) {
    const { statusCode, headers, body } = await app.inject(path);
    expect(statusCode, path).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\/[^"]*"[^>]*(rel="stylesheet"|>\s*<\/script)/);
    expect(body).not.toMatch(/ style=| on\w+=/);
  }
});

test('the search finds by word, by beginning and in spite of a mistake', async () => {
  const app = await guideOf();
  const find = async (q: string) => (await app.inject({ url: '/docs/guide/search.json', query: { q } })).json();
  for (const q of ['wallbox', 'wallb', 'walbox'])
    expect(await find(q), q).toContainEqual(expect.objectContaining({ target: 'connect-a-charger#by-brand' }));
  expect(await find('qqqqzzzz')).toEqual([]);
  expect((await app.inject('/docs/guide/search?q=%3Cscript%3E')).body).toContain('value="&lt;script&gt;"');
});

test('what is not there is told as such', async () => {
  const app = await guideOf();
  expect((await app.inject('/docs/guide/nothing')).statusCode).toBe(404);
  expect((await app.inject('/docs/guide/..%2f..%2fpackage')).statusCode).toBe(404);
  expect((await app.inject('/docs/guide/assets/..%2finstall-guide.ts')).statusCode).toBe(404);
  expect((await app.inject('/docs/guide/')).headers.location).toBe('../guide');
  expect((await app.inject('/docs/guide/get-started.md')).statusCode).toBe(200);
  const without: App = fastify();
  onTestFinished(() => without.close());
  installErrors(without);
  installGuide(without, join(tmpdir(), 'no-such-folder'));
  expect((await without.inject('/docs/guide')).json()).toMatchObject({ type: 'urn:ocpp-csms:problem:no-guide' });
});
