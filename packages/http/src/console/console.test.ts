import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { startHttp } from '../test-support/start-http.ts';

const page = '<!doctype html><title>console</title>';
const script = 'console.log("the console")';

/** As `npm run build -w apps/console` leaves it. */
async function writeBuild(folder: string): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'assets/main-abc.js'), script);
  writeFileSync(join(folder, 'assets/main-abc.js.br'), brotliCompressSync(script));
  writeFileSync(join(folder, 'secret.txt'), 'not in the list');
  const html = { contentType: 'text/html; charset=utf-8', etag: 'one', encodings: [] };
  const js = { contentType: 'text/javascript; charset=utf-8', etag: 'two', encodings: ['br'] };
  writeFileSync(
    join(folder, 'files.json'),
    JSON.stringify({ files: { 'index.html': html, 'assets/main-abc.js': js } }),
  );
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'csms-console-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start() {
  const consoleFolder = newFolder();
  await writeBuild(consoleFolder);
  return startHttp(() => {}, {}, { consoleFolder });
}

const asBrowser = { headers: { accept: 'text/html,application/xhtml+xml' } };

test.each(['/', '/charge-points', '/charge-points/CP.1%2F?tab=messages', '/no/such/page'])(
  '%s is a page of the console, for a browser without a key',
  async (path) => {
    const { url } = await start();
    const response = await fetch(url + path, asBrowser);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(page);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src|unsafe-eval|https?:/);
  },
);

test.each(['/device-manager/no-such', '/session', '/ocpp/CP001', '/docs/no-such', '/assets/no-such.js', '/metrics/x'])(
  '%s is never a page',
  async (path) => {
    const { url } = await start();
    const response = await fetch(url + path, asBrowser);
    expect(response.status).toBeGreaterThanOrEqual(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  },
);

test('a program is told that there is no such address', async () => {
  const { url, ask } = await start();
  expect((await fetch(`${url}/charge-points`)).status).toBe(401);
  expect((await ask('/charge-points')).status).toBe(404);
  expect((await fetch(`${url}/charge-points`, { ...asBrowser, method: 'POST' })).status).toBe(401);
});

test('an asset is kept by the browser for good, and sent small where the browser can read that', async () => {
  const { url } = await start();
  const plain = await fetch(`${url}/assets/main-abc.js`, { headers: { 'accept-encoding': 'identity' } });
  expect(await plain.text()).toBe(script);
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');

  const { headers, body } = await raw(`${url}/assets/main-abc.js`, { 'accept-encoding': 'gzip, br;q=0.9' });
  expect(headers['content-encoding']).toBe('br');
  expect(headers.vary).toBe('accept-encoding');
  expect(brotliDecompressSync(body).toString()).toBe(script);

  const refused = await raw(`${url}/assets/main-abc.js`, { 'accept-encoding': 'br;q=0' });
  expect(refused.body.toString()).toBe(script);
});

test('what the browser has is not sent again', async () => {
  const { url } = await start();
  const etag = (await fetch(`${url}/`, asBrowser)).headers.get('etag') ?? '';
  const again = await fetch(`${url}/`, { headers: { ...asBrowser.headers, 'if-none-match': etag } });
  expect(again.status).toBe(304);
});

test.each(['/assets/../secret.txt', '/assets/..%2fsecret.txt', '/assets/%2e%2e/secret.txt', '/assets/main-abc.js.br'])(
  '%s leads nowhere: only what the build lists is read',
  async (path) => {
    const { url } = await start();
    const { status } = await raw(url, {}, path);
    expect([401, 404]).toContain(status);
  },
);

test('not built: a page that says how to, until it is', async () => {
  const consoleFolder = newFolder();
  const { url } = await startHttp(() => {}, {}, { consoleFolder });
  const before = await fetch(`${url}/charge-points`, asBrowser);
  expect(before.status).toBe(503);
  expect(await before.text()).toContain('npm run build -w apps/console');
  await writeBuild(consoleFolder);
  expect(await (await fetch(`${url}/charge-points`, asBrowser)).text()).toBe(page);
});

/** Without what `fetch` does to paths and encodings. */
function raw(url: string, headers: Record<string, string>, path = new URL(url).pathname) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const asked = request(url, { path, headers }, async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
    });
    asked.on('error', reject).end();
  });
}
