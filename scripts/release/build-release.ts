import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { emitModule, emittedName, isCode } from './emit.ts';
import { manifestsOf, namedAsEmitted } from './manifest.ts';
import { programsOf, readWorkspaces, type Workspace } from './workspaces.ts';

export interface BuildOptions {
  /** Of the repository. */
  root: string;
  /** Where the release is put; what is there is deleted. */
  target: string;
  version: string;
}

export interface BuiltRelease {
  modules: number;
  files: number;
}

/** What starts a release: plain JavaScript, which runs on any Node.js and fetches one that is new enough. */
const launchers = ['scripts/bootstrap-only.mjs', 'scripts/start.mjs', 'scripts/service.mjs', 'scripts/run.mjs'];
const starter = 'scripts/run_all.sh';
/** Copied as they are. */
const documents = ['LICENSE', 'CHANGELOG.md', 'conf.example.yaml', 'docs', 'deploy', starter];
const readme = 'deploy/package/README.md';
/** What is made for browsers by a build of its own: its output is shipped, and what that was made of is not needed. */
const builtForBrowsers = 'apps/console';
/** The program that is started as `ocpp-csms`. */
const commandFile = 'apps/cli/src/ocpp-csms.js';
/** Of a workspace: what is of use to those who work on it alone. */
const notShipped =
  /(?:^|\/)(?:node_modules|dist|test-support|testing)\/|(?:^|\/)(?:package|tsconfig[^/]*)\.json$|\.(?:tsx?|js|mjs)$/;

/** The tree of a release: the layout of the repository, so that everything finds everything, as JavaScript. */
export function buildRelease({ root, target, version }: BuildOptions): BuiltRelease {
  rmSync(target, { recursive: true, force: true });
  const all = readWorkspaces(root);
  const commands = [commandFile].filter((file) => existsSync(join(root, file)));
  const modules = emitReachable(root, [...programsOf(root, all), ...commands, ...launchers], all);
  const workspaces = all.filter(
    ({ folder }) => folder !== builtForBrowsers && [...modules.keys()].some((file) => file.startsWith(`${folder}/`)),
  );
  for (const [file, text] of modules) write(join(target, emittedName(file)), text);
  for (const { folder } of workspaces) copyAssets(root, target, folder);
  for (const path of [...documents, `${builtForBrowsers}/dist`]) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(target, path), { recursive: true });
  }
  cpSync(join(root, readme), join(target, 'README.md'));
  writeManifests({ root, target, version, workspaces, command: commands[0] });
  return { modules: modules.size, files: filesBelow(target).length };
}

/** Every module that the programs load, as JavaScript, by its name in the repository. */
function emitReachable(
  root: string,
  programs: readonly string[],
  workspaces: readonly Workspace[],
): Map<string, string> {
  const emitted = new Map<string, string>();
  const waiting = [...programs];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (emitted.has(file)) continue;
    const { text, needs } = emitModule(file, readFileSync(join(root, file), 'utf8'), workspaces);
    emitted.set(file, file.startsWith('scripts/') ? namedAsEmitted(text) : text);
    waiting.push(...needs.filter(isCode));
  }
  return emitted;
}

/** What a workspace has beside code: schemas, pages, scenarios. */
function copyAssets(root: string, target: string, folder: string): void {
  for (const file of filesBelow(join(root, folder))) {
    const path = posix.join(folder, file);
    if (!notShipped.test(path)) cpSync(join(root, path), join(target, path));
  }
}

interface ManifestFiles {
  root: string;
  target: string;
  version: string;
  workspaces: readonly Workspace[];
  command: string | undefined;
}

function writeManifests({ root, target, ...options }: ManifestFiles): void {
  const readJson = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const { manifest, shrinkwrap } = manifestsOf({
    ...options,
    root: readJson('package.json'),
    lockfile: readJson('package-lock.json'),
    files: new Set(filesBelow(target)),
  });
  write(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  write(join(target, 'npm-shrinkwrap.json'), `${JSON.stringify(shrinkwrap, null, 2)}\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** With `/`, from the folder; what npm has installed is left out. */
function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(prefix, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name === 'node_modules' ? [] : filesBelow(folder, path);
  });
}
