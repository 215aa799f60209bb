import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeError, describeSystemError, StartupError } from './errors.ts';
import { nodeName } from './node-name.ts';

describe('errors in words', () => {
  it('a port in use names the port and the setting', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => first.once('listening', resolve));
    const { port } = first.address() as { port: number };
    const error = await new Promise((resolve) => createServer().listen(port, '127.0.0.1').once('error', resolve));
    first.close();
    expect(describeSystemError(error)).toBe(
      `Port ${port} is in use by another program. Stop it, or choose another port with CSMS_HTTP_PORT or http.port in conf.yaml.`,
    );
  });

  it.each(['EACCES', 'EROFS', 'ENOSPC', 'EMFILE', 'ENOTDIR', 'EADDRNOTAVAIL'])('%s says what to do', (code) => {
    const error = Object.assign(new Error(code), { code, path: '/data' });
    expect(describeSystemError(error)).toMatch(/\.$/);
    expect(describeError(error)).not.toContain('at ');
  });

  it('a known error has its advice and no stack; a bug has its stack', () => {
    expect(describeError(new StartupError('It is broken.', 'Mend it.'))).toBe('It is broken.\nMend it.');
    expect(describeSystemError(new Error('a bug'))).toBeUndefined();
    expect(describeError(new Error('a bug'))).toMatch(/a bug\n +at /);
    expect(describeError('text')).toContain('text');
  });
});

it('a node has the name of the settings, else of the host', () => {
  expect(nodeName({ node: { name: 'a' } })).toBe('a');
  expect(nodeName({ node: { name: '' } })).toBe(hostname());
});

describe('shutdown', () => {
  const program = (stop: string, { after = '', timeoutMs = 5000 } = {}) => `
    import { createLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
    import { installShutdown } from ${JSON.stringify(join(import.meta.dirname, 'shutdown.ts'))};
    const log = createLog({ service: 'x', settings: { level: 'info', dir: '', pretty: 'never', maxFileMegabytes: 1, maxFiles: 1 } });
    installShutdown({ log, timeoutMs: ${timeoutMs}, stop: ${stop} });
    setInterval(() => {}, 1000);
    console.log('up');
    ${after}`;

  async function run(
    text: string,
    signals: NodeJS.Signals[],
    pauseMs = 60,
  ): Promise<{ code: number | null; output: string }> {
    const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', text]);
    let output = '';
    const ready = new Promise<void>((resolve) => {
      child.stdout?.on('data', (data) => {
        output += data;
        if (output.includes('up')) resolve();
      });
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await Promise.race([ready, ended]);
    for (const signal of signals) {
      child.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    return { code: await ended, output };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('%s drains and exits 0', async (signal) => {
    const { code, output } = await run(program('async () => { console.log("drained") }'), [signal]);
    expect(code).toBe(0);
    expect(output).toMatch(/drained[\s\S]*stopped/);
  });

  it('a second signal exits at once with 130', async () => {
    const { code } = await run(program('() => new Promise(() => {})'), ['SIGTERM', 'SIGINT'], 600);
    expect(code).toBe(130);
  });

  it('one Ctrl-C that npm passes on as well is one', async () => {
    const slowly = 'async () => { await new Promise((done) => setTimeout(done, 300)); console.log("drained") }';
    const { code, output } = await run(program(slowly), ['SIGINT', 'SIGINT']);
    expect(code).toBe(0);
    expect(output).toContain('drained');
  });

  it('gives up after the timeout, and fails when stopping fails', async () => {
    const hanging = await run(program('() => new Promise(() => {})', { timeoutMs: 300 }), ['SIGTERM']);
    expect(hanging).toMatchObject({ code: 1, output: expect.stringContaining('not stopped after 0.3 s') });
    const failing = await run(program('async () => { throw new Error("stuck") }'), ['SIGTERM']);
    expect(failing).toMatchObject({ code: 1, output: expect.stringContaining('stuck') });
  });

  it.each(['setTimeout(() => { throw new Error("a bug") })', 'void Promise.reject(new Error("a bug"))'])(
    'an error that nobody caught is logged and exits 1: %s',
    async (after) => {
      const { code, output } = await run(program('async () => {}', { after }), []);
      expect(code).toBe(1);
      expect(output).toMatch(/"level":"fatal".*a bug/);
    },
  );
});
