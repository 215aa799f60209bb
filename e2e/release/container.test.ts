import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connectChargePoint, type TestChargePointOptions, until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { authorize, boot, charge, stopTransaction } from '../src/charge-1.6.ts';
import { ensureDebianPrograms } from '../src/debian-programs.ts';
import { memoryOf } from '../src/memory-of.ts';
import { unique } from '../src/scenes.ts';
import { type Buildah, buildImage, openBuildah } from './buildah.ts';
import { type Container, freeContainerPorts, runContainer, untilReady } from './container.ts';

const release = inject('release');
const missing = await ensureDebianPrograms(['buildah', 'mmdebstrap']);
if (missing !== undefined) process.stderr.write(`\nNOT TESTED: the container (${missing})\n\n`);

const longestStopMs = 10_000;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);
const forwardedAddress = '203.0.113.7';

describe.skipIf(missing !== undefined)('the container with everything', () => {
  let buildah: Buildah;
  let image: string;
  let container: Container;

  const connect = (
    { networkId = unique('BOX'), ...options }: Partial<TestChargePointOptions<'ocpp1.6'>> = {},
    from = container,
  ) =>
    // As charge points do, it comes again when it is told to (503): device-manager may have started a moment later.
    until('it is let in', () => connectChargePoint({ url: from.wsUrl, networkId, protocol: 'ocpp1.6', ...options }), {
      timeoutMs: 20_000,
      everyMs: 500,
    });
  const addressOf = async (networkId: string) => {
    const { connection } = await container.api.get<{ connection?: { remoteAddress?: string } }>(
      `/device-manager/charge-points/${networkId}`,
    );
    return connection?.remoteAddress;
  };

  beforeAll(async () => {
    const started = performance.now();
    buildah = await openBuildah();
    image = await buildImage(buildah, { target: 'container', version: release.version });
    process.stderr.write(`the image: ${Math.round((performance.now() - started) / 1000)} s\n`);
    container = await runContainer({
      buildah,
      image,
      env: {
        CSMS_CSMS_SERVER_ADOPT_UNKNOWN: 'true',
        CSMS_SESSION_ACCEPT_ALL_TOKENS: 'true',
        // Nothing is said on an idle connection that nobody has a reason to use.
        CSMS_CSMS_SERVER_PING_INTERVAL_SECONDS: '0',
        CSMS_HTTP_TRUSTED_PROXIES: '["127.0.0.1"]',
      },
    });
    await untilReady(container);
  });
  afterAll(async () => {
    await container?.remove();
  });

  test('runs as a user without rights, under the supervisor', async () => {
    const processes = await container.processes();
    const names = ['s6-svscan', 'nginx: master', ...['csms-server', 'message-manager', 'session', 'device-manager']];
    for (const name of names) {
      const found = processes.find(({ command }) => command.includes(name));
      const status = await readFile(`/proc/${found?.pid}/status`, 'utf8');
      expect(status, name).toMatch(/^Uid:\t10001\t10001\t10001\t10001$/m);
    }
    // buildah's own processes are ours as root; what the user without rights runs is the container.
    const own = processes.filter(({ command }) => !command.includes('buildah'));
    const [services, others] = [true, false].map((isService) =>
      memoryOf(own.filter(({ command }) => command.includes('/services/') === isService).map(({ pid }) => pid)),
    ) as [number, number];
    process.stderr.write(
      `memory of the services: ${megabytes(services)} MB, of nginx and the supervisor: ${megabytes(others)} MB\n`,
    );
  });

  test('a charge point connects through nginx, boots, charges and is commanded', async () => {
    const chargePoint = await connect();
    await boot(chargePoint);
    const transactionId = await charge(chargePoint, unique('TAG'));
    await stopTransaction(chargePoint, transactionId);
    const answer = await container.api.post(
      `/device-manager/charge-points/${chargePoint.networkId}/commands/TriggerMessage`,
      { requestedMessage: 'Heartbeat' },
    );
    expect(answer).toMatchObject({ status: 'answered' });
    await chargePoint.close();
  });

  test.each([
    ['/', 'text/html'],
    ['/docs', 'text/html'],
    ['/openapi.json', 'application/json'],
    ['/docs/reference.js', 'text/javascript'],
    ['/health/live', 'application/json'],
    ['/health/ready/session', 'application/json'],
  ])('GET %s is answered, without a version of nginx', async (path, type) => {
    const answer = await fetch(`${container.httpUrl}${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('server')).toBe('nginx');
  });

  test('every service is reached below its path', async () => {
    for (const path of ['/device-manager/charge-points', '/session/transactions', '/message-manager/messages'])
      expect(await container.api.get(path)).toHaveProperty('items');
  });

  test('the address that a trusted proxy names is who is at the other end; one that others name is not', async () => {
    const behindProxy = await connect({ headers: { 'x-forwarded-for': `198.51.100.9, ${forwardedAddress}` } });
    const networkId = behindProxy.networkId;
    await until('the connection is shown', async () => (await addressOf(networkId)) === forwardedAddress);
    await behindProxy.close();
    // 127.0.0.2 is no proxy of the settings, and says that it is somebody else.
    const liar = await connect({ headers: { 'x-forwarded-for': forwardedAddress }, localAddress: '127.0.0.2' });
    await until('the connection is shown', async () => (await addressOf(liar.networkId)) === '127.0.0.2');
    await liar.close();
  });

  test('metrics are for private networks alone, and with a key', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${container.httpUrl}/metrics/session`, { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ 'x-forwarded-for': forwardedAddress })).status).toBe(403);
    const answer = await container.api.request('GET', '/metrics/session');
    expect(answer.status).toBe(200);
    expect(String(answer.body)).toContain('process_resident_memory_bytes');
  });

  test('a header as long as a chain of certificates passes', async () => {
    const chargePoint = await connect({ headers: { 'x-client-certificate': 'A'.repeat(12_000) } });
    await boot(chargePoint);
    await chargePoint.close();
  });

  test('a large message of a charge point passes, a request that is too large does not', async () => {
    const chargePoint = await connect();
    await boot(chargePoint);
    const data = 'x'.repeat(500_000);
    expect(await chargePoint.call('DataTransfer', { vendorId: 'Acme', data })).toHaveProperty('status');
    await chargePoint.close();
    const answer = await container.api.request('POST', '/session/id-tokens', { idToken: 'x'.repeat(1_500_000) });
    expect(answer.status).toBe(413);
    expect(answer.body).toHaveProperty('detail');
  });

  test('live events are passed on at once', async () => {
    const chargePoint = await connect();
    const url = `${container.httpUrl}/message-manager/messages/stream?client=${chargePoint.networkId}`;
    const ending = new AbortController();
    const { body } = await fetch(url, {
      headers: { authorization: `Bearer ${container.key}`, accept: 'text/event-stream' },
      signal: ending.signal,
    });
    onTestFinished(() => ending.abort());
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const seen = (async () => {
      while (!text.includes('BootNotification')) text += (await reader?.read())?.value ?? '';
    })();
    await boot(chargePoint);
    await seen;
    await chargePoint.close();
  });

  test('data and logs are in the volumes', async () => {
    expect(await readdir(container.volumes.data)).toEqual(expect.arrayContaining(['admin.key', 'zeromq']));
    const logs = ['csms-server.log', 'message-manager.log', 'session.log', 'device-manager.log'];
    expect(await readdir(container.volumes.logs)).toEqual(expect.arrayContaining(logs));
  });

  test('its health check agrees', async () => {
    expect(await container.execute('/opt/ocpp-csms/deploy/container/health', 'all')).toBe(0);
  });

  test('a service that is killed is started again, and what was on its way is answered', async () => {
    const chargePoint = await connect();
    await boot(chargePoint);
    const { pid } = await container.processOf('session');
    process.kill(pid, 'SIGKILL');
    expect(await authorize(chargePoint, unique('TAG'))).toBe('Accepted');
    expect((await container.processOf('session')).pid).not.toBe(pid);
    expect(container.output()).toContain('session was killed by signal 9; it is started again');
    await untilReady(container);
    await chargePoint.close();
  });

  test('a silent charge point stays connected, however soon everything else is given up', async () => {
    const config = join(await container.filesystem(), 'run/ocpp-csms/nginx/nginx.conf');
    const text = await readFile(config, 'utf8');
    const impatient = text.replaceAll(/_(read|send)_timeout \d+s;/g, '_$1_timeout 1s;');
    expect(impatient).not.toBe(text);
    await writeFile(config, impatient);
    process.kill((await container.processOf('nginx')).pid, 'SIGHUP');
    // What is not for charge points is given up: the stream of events, whose next heartbeat is 15 s away.
    const url = `${container.httpUrl}/message-manager/messages/stream?client=nobody`;
    const headers = { authorization: `Bearer ${container.key}`, accept: 'text/event-stream' };
    await until('the new timeouts hold', async () => {
      const silent = await connect();
      const since = performance.now();
      const { body } = await fetch(url, { headers });
      await expect(body?.pipeTo(new WritableStream())).rejects.toThrow();
      expect(silent.socket.readyState).toBe(silent.socket.OPEN);
      expect(performance.now() - since).toBeLessThan(10_000);
      expect(await silent.call('Heartbeat', {})).toHaveProperty('currentTime');
      await silent.drop();
      return true;
    });
  });

  test('csms-server that is killed costs the connections, and charge points come back', async () => {
    const chargePoint = await connect();
    const { pid } = await container.processOf('csms-server');
    process.kill(pid, 'SIGKILL');
    await chargePoint.closed;
    const away = await fetch(`${container.httpUrl}/health/live`);
    expect([200, 503]).toContain(away.status);
    if (away.status === 503) expect(await away.json()).toMatchObject({ type: 'urn:ocpp-csms:problem:service-away' });
    const again = await until('it is let in again', () => connect({ networkId: chargePoint.networkId }), {
      timeoutMs: 30_000,
      everyMs: 200,
    });
    await boot(again);
    await again.drop();
  });

  test('SIGTERM: charge points are told with 1001, and all has ended in time, with 0', async () => {
    await untilReady(container);
    const chargePoint = await connect();
    await boot(chargePoint);
    const started = performance.now();
    await container.signal('SIGTERM');
    expect((await chargePoint.closed).code).toBe(1001);
    expect(performance.now() - started).toBeLessThan(longestStopMs);
    expect((await container.ended).exitCode, container.output().slice(-3000)).toBe(0);
    expect(await container.processes()).toEqual([]);
  });

  test('settings that are wrong end it with the reason', async () => {
    const broken = await runContainer({ buildah, image, env: { CSMS_HTTP_TRUSTED_PROXIES: '["somewhere"]' } });
    onTestFinished(() => broken.remove());
    expect((await broken.ended).exitCode).toBe(1);
    expect(broken.output()).toContain('http.trustedProxies: "somewhere" is no address and no network.');
  });

  test('a service that ends again and again ends the container, with 1 and the reason', async () => {
    const ports = await freeContainerPorts();
    const occupied = createServer().listen(ports.session, '127.0.0.1');
    await once(occupied, 'listening');
    onTestFinished(() => void occupied.close());
    const failing = await runContainer({ buildah, image, ports });
    onTestFinished(() => failing.remove());
    expect((await failing.ended).exitCode).toBe(1);
    expect(failing.output()).toContain(`Port ${ports.session} is in use`);
    expect(failing.output()).toContain(
      'session ended with exit code 1, five times within a minute; the container ends',
    );
  }, 90_000);
});
