import { fastify } from 'fastify';
import type { App } from './app.ts';
import { installGuide } from './guide/install-guide.ts';

/** Nothing is fetched from elsewhere, and the browser is told to see to it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const config = {
  url: 'openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  authentication: { preferredSecurityScheme: 'bearer' },
};

const page = (title: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}: API</title>
  </head>
  <body>
    <div id="app"></div>
    <script src="docs/reference.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** `/openapi.json`, drawn from it `/docs`, and the guide. They are open: they hold no data. */
export function installDocs(
  app: App,
  { title, otherDocuments }: { title: string; otherDocuments?: (() => Promise<object[]>) | undefined },
): void {
  const options = { config: { role: 'open' }, schema: { hide: true } } as const;
  let script: Promise<string> | undefined;
  installGuide(app);

  app.get('/openapi.json', options, async () => joinDocuments([app.swagger(), ...((await otherDocuments?.()) ?? [])]));
  app.get('/docs', options, async (_request, reply) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page(title)),
  );
  app.get('/docs/start.js', options, async (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .send(`Scalar.createApiReference('#app', ${JSON.stringify(config)});\n`),
  );
  app.get('/docs/reference.js', options, async (_request, reply) => {
    script ??= loadScript();
    return reply
      .header('cache-control', 'private, max-age=3600')
      .type('text/javascript; charset=utf-8')
      .send(await script);
  });
}

interface Document {
  paths?: object;
  components?: { schemas?: object };
}

/** The first one, with the paths and schemas of all. */
function joinDocuments(documents: readonly Document[]): object {
  const [first = {}] = documents;
  const all = <Part extends object>(part: (document: Document) => Part | undefined) =>
    Object.assign({}, ...documents.toReversed().map(part)) as object;
  return {
    ...first,
    paths: all(({ paths }) => paths),
    components: { ...first.components, schemas: all(({ components }) => components?.schemas) },
  };
}

/**
 * Scalar's script for the browser, 4 MB, which the package gives out over a route alone. Loaded when the page is first
 * read: a node that nobody asks for its docs saves the memory and 0.15 s at its start.
 */
async function loadScript(): Promise<string> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  const carrier = fastify();
  await carrier.register(apiReference, { routePrefix: '/docs', configuration: { url: '/openapi.json' } });
  const { body } = await carrier.inject('/docs/js/scalar.js');
  await carrier.close();
  return body;
}
