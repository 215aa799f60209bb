import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { hashSources, outputFolder } from './sources.mjs';

/** `npm run build -w apps/console`: the console as static files, compressed once so that nobody does it for each request. */
// Whoever builds, in whatever environment: without it the pages would get the library for developers.
process.env.NODE_ENV = 'production';
const sources = hashSources();
const draft = `${outputFolder}.new`;
const folder = dirname(dirname(fileURLToPath(import.meta.url)));

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** What it takes to compress a file better than this is not earned back: a build should take seconds. */
const brotliQuality = 9;

await build({ root: folder, logLevel: 'warn', build: { outDir: draft, emptyOutDir: true } });
const files = Object.fromEntries(await Promise.all(namesBelow('').map(async (name) => [name, await prepare(name)])));
writeFileSync(join(draft, 'files.json'), JSON.stringify({ sources, files }));
if (existsSync(outputFolder)) rmSync(outputFolder, { recursive: true });
renameSync(draft, outputFolder);

function namesBelow(below: string): string[] {
  return readdirSync(join(draft, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? namesBelow(name) : [name];
  });
}

/** Compresses a file, and says what the server has to know of it. */
async function prepare(name: string) {
  const content = readFileSync(join(draft, name));
  const contentType = contentTypes[extname(name)];
  if (contentType === undefined) throw new Error(`${name}: say in apps/console/build/main.ts what type it is.`);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  const encodings = [];
  if (br.length < content.length) encodings.push({ encoding: 'br', suffix: '.br', bytes: br });
  if (gz.length < content.length) encodings.push({ encoding: 'gzip', suffix: '.gz', bytes: gz });
  for (const { suffix, bytes } of encodings) writeFileSync(join(draft, name + suffix), bytes);
  return {
    contentType,
    etag: createHash('sha256').update(content).digest('base64url').slice(0, 16),
    bytes: content.length,
    gzipBytes: gz.length,
    encodings: encodings.map(({ encoding }) => encoding),
  };
}
