import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { importsOf } from '../dependency-rules.ts';
import { buildRelease } from './build-release.ts';

const root = join(import.meta.dirname, '..', '..');
const target = mkdtempSync(join(tmpdir(), 'ocpp-csms-release-'));
afterAll(() => rmSync(target, { recursive: true, force: true }));

buildRelease({ root, target, version: '1.2.3' });
const files = readdirSync(target, { recursive: true, encoding: 'utf8' });
const read = (file: string) => readFileSync(join(target, file), 'utf8');
const modules = files.filter((file) => /\.m?js$/.test(file) && !file.includes('/dist/'));

describe('the tree of a release', () => {
  test('has every program, and no TypeScript', () => {
    expect(files).toContain(join('apps', 'all-in-one', 'src', 'main.js'));
    expect(files).toContain(join('services', 'session', 'src', 'main.js'));
    expect(files).toContain(join('packages', 'storage', 'src', 'sqlite-worker.js'));
    expect(files.filter((file) => file.endsWith('.ts'))).toEqual([]);
  });

  test('imports files that are there and packages that its package.json names, and nothing else', () => {
    const { dependencies } = JSON.parse(read('package.json'));
    const isThere = (module: string, specifier: string) => {
      if (specifier.startsWith('.')) return existsSync(join(target, dirname(module), specifier));
      const [scope = '', name = ''] = specifier.split('/');
      return (
        specifier.startsWith('node:') || Object.hasOwn(dependencies, scope.startsWith('@') ? `${scope}/${name}` : scope)
      );
    };
    const lost = modules.flatMap((module) =>
      importsOf(read(module))
        .filter(({ specifier }) => !isThere(module, specifier))
        .map(({ specifier, line }) => `${module}:${line} ${specifier}`),
    );
    expect(lost).toEqual([]);
  });

  test('names no file by its TypeScript name, and no package that is in no registry', () => {
    const wrong = /new URL\('[^']+\.ts'|'[^' ]*\bmain\.ts'|['"]@ocpp-csms\/[^'"]*['"]|`@ocpp-csms\/\$\{/g;
    const named = modules.flatMap((module) => [...read(module).matchAll(wrong)].map(([what]) => `${module}: ${what}`));
    expect(named).toEqual([]);
  });

  test('has no tests, and nothing of what is only for them', () => {
    expect(files.filter((file) => /\.test\.js$|test-support|contract\.js$/.test(file))).toEqual([]);
  });

  test('keeps lines and columns: a stack trace says where in the source it was', () => {
    const [source, emitted] = ['src/shutdown.ts', 'src/shutdown.js'].map((file, index) =>
      readFileSync(join(index === 0 ? root : target, 'packages/runtime', file), 'utf8'),
    );
    const position = (text = '') => {
      const line = text.split('\n').findIndex((one) => one.includes('process.exit(130)'));
      return [line, text.split('\n')[line]?.indexOf('process.exit(130)')];
    };
    expect(position(emitted)).toEqual(position(source));
  });

  test('is what npm publishes: every version is pinned, and npm start and the others run what is there', () => {
    const manifest = JSON.parse(read('package.json'));
    const shrinkwrap = JSON.parse(read('npm-shrinkwrap.json'));
    expect(manifest).toMatchObject({
      name: 'ocpp-csms',
      version: '1.2.3',
      type: 'module',
      engines: { node: '>=22.18' },
    });
    expect(manifest.private).toBeUndefined();
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['start', 'service', 'simulate', 'export']));
    expect(Object.keys(manifest.scripts)).not.toContain('test');
    for (const [name, version] of Object.entries(manifest.dependencies))
      expect(shrinkwrap.packages[`node_modules/${name}`]?.version, name).toBe(version);
    expect(Object.keys(shrinkwrap.packages)).not.toContain('node_modules/vitest');
  });

  test('has pages for those who unpack it, and every link in its README leads somewhere', () => {
    const links = [...read('README.md').matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(join(target, link)))).toEqual([]);
  });
});
