import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog, type LogSettings } from './log.ts';
import { createRotatingFile } from './rotating-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'csms-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const settings = (over: Partial<LogSettings> = {}): LogSettings => ({
  level: 'info',
  dir: '',
  pretty: 'never',
  maxFileMegabytes: 1,
  maxFiles: 3,
  ...over,
});

const read = (name: string) => readFileSync(join(dir, name), 'utf8');
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

function collect() {
  const lines: string[] = [];
  return { lines, destination: { write: (line: string) => void lines.push(line) } };
}

describe('a log', () => {
  it('writes JSON lines with time, level, service and no secrets', () => {
    const { lines, destination } = collect();
    const log = createLog({ service: 'csms', settings: settings(), destination });
    log.info(
      { password: 'p', call: { key: 'k', authorization: 'a' }, req: { headers: { authorization: 'b' } } },
      'hello',
    );
    log.debug('not this');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      service: 'csms',
      password: '[secret]',
      call: { key: '[secret]', authorization: '[secret]' },
      req: { headers: { authorization: '[secret]' } },
      msg: 'hello',
    });
  });

  it('writes readable lines to a terminal', () => {
    const { lines, destination } = collect();
    createLog({ service: 'csms', settings: settings({ pretty: 'always' }), destination }).warn(
      { port: 80 },
      'watch out',
    );
    expect(lines.join('')).toMatch(/WARN.*csms: watch out\n {4}port: 80/);
  });

  it('writes JSON to the file also when the terminal has readable lines', async () => {
    const { destination } = collect();
    createLog({ service: 'csms', settings: settings({ dir, pretty: 'always' }), destination }).info('hello');
    await settled();
    expect(JSON.parse(read('csms.log'))).toMatchObject({ msg: 'hello' });
  });

  it.each([
    ['process.exit(3)', 3],
    ['setTimeout(() => { throw new Error("a bug") })', 1],
    ['', 0],
  ])('has its last line on the screen and in the file after: %s', (ending, code) => {
    const program = `
      import { createLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
      const log = createLog({ service: 'x', settings: ${JSON.stringify(settings({ dir }))} });
      for (let n = 0; n < 5000; n++) log.info({ n }, 'line');
      ${ending}`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(status).toBe(code);
    const numbers = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).n);
    const all = Array.from({ length: 5000 }, (_, n) => n);
    expect(numbers(read('x.log'))).toEqual(all);
    expect(numbers(stdout)).toEqual(all);
  });

  it('throws at the start when its folder cannot be made', () => {
    execFileSync('touch', [join(dir, 'file')]);
    expect(() => createLog({ service: 'x', settings: settings({ dir: join(dir, 'file') }), ...collect() })).toThrow(
      /EEXIST|ENOTDIR/,
    );
  });
});

describe('a rotating file', () => {
  const line = (n: number) => `${String(n).padStart(9, '0')}\n`;

  it('keeps the current one under its name, older ones numbered, none too large, none too many', async () => {
    const file = createRotatingFile({ path: join(dir, 'a.log'), maxBytes: 35, maxFiles: 3 });
    for (let n = 0; n < 10; n++) {
      file.write(line(n));
      if (n % 4 === 0) await settled();
    }
    file.close();
    expect(readdirSync(dir).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    expect(read('a.log')).toBe(line(9));
    expect(read('a.log.1')).toBe(line(6) + line(7) + line(8));
    expect(read('a.log.2')).toBe(line(3) + line(4) + line(5));
  });

  it('goes on with the file of the run before', () => {
    for (const n of [1, 2]) {
      const file = createRotatingFile({ path: join(dir, 'a.log'), maxBytes: 35, maxFiles: 3 });
      file.write(line(n));
      file.close();
    }
    expect(read('a.log')).toBe(line(1) + line(2));
  });

  it('one file alone is possible', () => {
    const file = createRotatingFile({ path: join(dir, 'a.log'), maxBytes: 15, maxFiles: 1 });
    for (const n of [1, 2, 3]) file.write(line(n));
    file.close();
    expect(readdirSync(dir)).toEqual(['a.log']);
    expect(read('a.log')).toBe(line(3));
  });

  it('a line that is larger than a file has one to itself', () => {
    const file = createRotatingFile({ path: join(dir, 'a.log'), maxBytes: 15, maxFiles: 3 });
    file.write(line(1));
    file.write(`${'x'.repeat(50)}\n`);
    file.write(line(2));
    file.close();
    expect(read('a.log.1')).toHaveLength(51);
    expect(read('a.log')).toBe(line(2));
  });

  it('writes in order and nothing twice when it is flushed in the middle of a write', async () => {
    const file = createRotatingFile({ path: join(dir, 'a.log'), maxBytes: 1_000_000, maxFiles: 3 });
    let expected = '';
    for (let n = 0; n < 300; n++) {
      file.write(line(n));
      expected += line(n);
      if (n % 7 === 0) file.flush();
      if (n % 11 === 0) await new Promise(setImmediate);
    }
    file.close();
    await settled();
    expect(read('a.log')).toBe(expected);
  });
});
