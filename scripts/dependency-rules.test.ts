import { describe, expect, it } from 'vitest';
import { findCycles, findViolations, importsOf, type Workspace } from './dependency-rules.ts';

const workspace = (folder: string, ...dependencies: string[]): Workspace => ({
  folder,
  name: `@ocpp-csms/${folder.split('/').at(-1)}`,
  exports: { '.': './src/index.ts' },
  dependencies: dependencies.map((name) => `@ocpp-csms/${name}`),
});

const workspaces = [
  workspace('packages/ocpp', 'bus'),
  workspace('packages/bus'),
  workspace('packages/calls', 'bus'),
  workspace('packages/testing'),
  workspace('services/session', 'bus', 'device-manager', 'testing'),
  workspace('services/device-manager'),
];

/** Written so that this file has no such import itself. */
const importing = (specifier: string) => `${'import'} { x } from '${specifier}';\n`;

const check = (path: string, specifier: string) => findViolations([{ path, text: importing(specifier) }], workspaces);

describe('imports', () => {
  it('are found in every form, with their line', () => {
    const text = [
      `${'import'} type { A,\n B } from './a.ts';`,
      `${'export'} * from './b.ts';`,
      `${'import'} './c.ts';`,
      `const d = await ${'import'}('./d.ts');`,
      ` * ${'import'} { e } from './in-a-comment.ts'`,
    ].join('\n');
    expect(importsOf(text)).toEqual([
      { specifier: './a.ts', line: 1 },
      { specifier: './b.ts', line: 3 },
      { specifier: './c.ts', line: 4 },
      { specifier: './d.ts', line: 5 },
    ]);
  });
});

describe('the rules', () => {
  it('let a package import what the layout allows', () => {
    expect(check('packages/calls/src/a.ts', '@ocpp-csms/bus')).toEqual([]);
    expect(check('services/session/src/a.ts', '@ocpp-csms/bus')).toEqual([]);
    expect(check('packages/bus/src/a.ts', 'node:fs')).toEqual([]);
  });

  it.each([
    ['packages/ocpp/src/a.ts', '@ocpp-csms/bus', 'packages/ocpp may not import packages/bus'],
    [
      'services/session/src/a.ts',
      '@ocpp-csms/device-manager',
      'services/session may not import services/device-manager',
    ],
    ['services/session/src/a.ts', '@ocpp-csms/testing', 'services/session may not import packages/testing'],
    [
      'packages/calls/src/a.ts',
      '@ocpp-csms/ocpp',
      'packages/calls/package.json does not name it among its dependencies',
    ],
    ['packages/calls/src/a.ts', '@ocpp-csms/bus/src/bus.ts', 'packages/bus/package.json does not export it'],
    ['packages/calls/src/a.ts', '../../bus/src/bus.ts', 'another workspace is imported by its name, @ocpp-csms/bus'],
    ['packages/bus/src/a.ts', './index.ts', 'the index of the own package; import the file that has it'],
    ['packages/bus/src/a.ts', '@ocpp-csms/bus', 'a workspace does not import itself by name; import the file'],
    ['packages/bus/src/a.ts', '../../../scripts/x.ts', 'it is outside of packages/bus'],
  ])('refuse %s importing %s', (path, specifier, reason) => {
    expect(check(path, specifier)).toEqual([`${path}:1 imports ${specifier}: ${reason}`]);
  });

  it('let tests import the test client and the own index', () => {
    expect(check('services/session/src/a.test.ts', '@ocpp-csms/testing')).toEqual([]);
    expect(check('packages/bus/src/a.test.ts', './index.ts')).toEqual([]);
  });

  it('see a cycle through another package', () => {
    const files = [
      { path: 'packages/bus/src/index.ts', text: importing('./a.ts') },
      { path: 'packages/bus/src/a.ts', text: importing('./b.ts') },
      { path: 'packages/bus/src/b.ts', text: importing('./a.ts') },
    ];
    expect(findViolations(files, workspaces)).toEqual([
      'import cycle: packages/bus/src/a.ts → packages/bus/src/b.ts → packages/bus/src/a.ts',
    ]);
  });
});

it('finds each cycle once', () => {
  const graph = new Map([
    ['c', ['a']],
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['d', []],
  ]);
  expect(findCycles(graph)).toEqual([['a', 'b', 'c', 'a']]);
});
