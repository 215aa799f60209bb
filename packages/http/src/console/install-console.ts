import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { Problem } from '../problem.ts';
import { type ConsoleFile, createConsoleFiles, type Encoding } from './console-files.ts';
import { notBuiltPage } from './not-built-page.ts';

export type SendPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Everything comes from here, and the browser is told to see to it. The component library writes styles of its own. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const options = { config: { role: 'open' }, schema: { hide: true } } as const;

/** The built web console: its page at `/`, what the page needs below `/assets/`. Returns how any of its pages is sent. */
export function installConsole(app: App, folder: string): SendPage {
  const files = createConsoleFiles(folder);

  const sendPage: SendPage = async (request, reply) => {
    const page = await files.find('index.html');
    reply.header('content-security-policy', policy);
    if (!page) return reply.code(503).type('text/html; charset=utf-8').send(notBuiltPage);
    // The names of all else change with the content: this one is asked for again and again.
    return send('index.html', page, 'no-cache', request, reply);
  };

  app.get('/', options, sendPage);
  app.get('/assets/*', options, async (request, reply) => {
    const name = `assets/${(request.params as { '*': string })['*']}`;
    const file = await files.find(name);
    if (!file)
      throw new Problem(404, 'no-such-asset', 'There is no such file. Was the console built anew? Reload the page.');
    return send(name, file, 'public, max-age=31536000, immutable', request, reply);
  });

  async function send(
    name: string,
    file: ConsoleFile,
    cacheControl: string,
    { headers }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const encoding = encodingFor(file, headers['accept-encoding']);
    const etag = `"${file.etag}${encoding === undefined ? '' : `-${encoding}`}"`;
    reply.headers({ etag, 'cache-control': cacheControl, vary: 'accept-encoding' });
    if (headers['if-none-match']?.includes(etag)) return reply.code(304).send();
    if (encoding !== undefined) reply.header('content-encoding', encoding);
    return reply.type(file.contentType).send(await files.read(name, encoding));
  }

  return sendPage;
}

function encodingFor({ encodings }: ConsoleFile, accepted: string | undefined = ''): Encoding | undefined {
  const wanted = accepted
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0+)?$/.test(part))
    .map((part) => part.split(';', 1)[0]);
  return encodings.find((encoding) => wanted.includes(encoding));
}
