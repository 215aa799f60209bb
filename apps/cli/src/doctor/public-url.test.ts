import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { defaultSettings } from '@ocpp-csms/config';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DoctorContext } from './check.ts';
import { publicUrl } from './public-url.ts';

const noOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no openssl in the path';
  }
})();

const day = 86_400_000;
let identity: TlsOptions;
let folder: string;

beforeAll(() => {
  if (noOpenssl !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'ocpp-csms-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name)) as [string, string];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '90', ...newKey, ...subject], { stdio: 'ignore' });
  identity = { key: readFileSync(key), cert: readFileSync(cert) };
});
afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function serve(): Promise<number> {
  const server = createServer(identity, (socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => {});
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function look(url: string, now = Date.now()) {
  const settings = defaultSettings();
  settings.http.publicUrl = url;
  const context: DoctorContext = {
    settings,
    directory: '/',
    env: {},
    now: () => now,
    timeoutMs: 1000,
    runningAt: async () => undefined,
  };
  return publicUrl.run(context);
}

describe.skipIf(noOpenssl !== undefined)(
  `the certificate of the public URL${noOpenssl ? ` (${noOpenssl})` : ''}`,
  () => {
    test('that this machine does not know who issued it', async () => {
      const url = `https://localhost:${await serve()}`;
      expect(await look(url)).toMatchObject({ status: 'warning', words: expect.stringContaining('SELF_SIGNED') });
    });

    test('that it has expired', async () => {
      const url = `https://localhost:${await serve()}`;
      expect(await look(url, Date.now() + 100 * day)).toMatchObject({
        status: 'failed',
        words: expect.stringMatching(/has expired 10 d|has expired 9 d/),
      });
    });
  },
);

test('that nobody answers, and that nobody is to', async () => {
  expect(await look('https://localhost:1')).toMatchObject({
    status: 'warning',
    words: expect.stringContaining('ECONNREFUSED'),
  });
  expect(await look('')).toMatchObject({ status: 'skipped' });
  expect(await look('http://csms.example.com')).toMatchObject({ status: 'ok' });
});
