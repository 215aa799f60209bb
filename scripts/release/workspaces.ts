import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a workspace says of itself in its package.json. */
export interface Workspace {
  /** `packages/bus`, from the root. */
  folder: string;
  /** `@ocpp-csms/bus` */
  name: string;
  /** The `exports` map: `.` → `./src/index.ts`. */
  exports: Readonly<Record<string, string>>;
  /** What it needs to run, with the version. */
  dependencies: Readonly<Record<string, string>>;
}

const parents = ['packages', 'services', 'apps'];

/** Those that a release can hold: neither tests nor benchmarks. */
export function readWorkspaces(root: string): Workspace[] {
  return parents
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const {
        name,
        exports = {},
        dependencies = {},
      } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return { folder, name, exports, dependencies };
    });
}

/** The programs: what somebody starts. Everything else is in a release because one of them needs it. */
export function programsOf(root: string, workspaces: readonly Workspace[]): string[] {
  return workspaces
    .filter(({ folder }) => !folder.startsWith('packages/'))
    .map(({ folder }) => `${folder}/src/main.ts`)
    .filter((file) => existsSync(join(root, file)));
}
