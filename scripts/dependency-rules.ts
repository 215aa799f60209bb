import { posix } from 'node:path';

/** Who may import whom (docs of the layout: design §3). Pure: files in, violations out. */

export interface SourceFile {
  /** From the root, with `/`. */
  path: string;
  text: string;
}

export interface Workspace {
  /** `packages/bus` */
  folder: string;
  /** `@ocpp-csms/bus` */
  name: string;
  /** The `exports` map: `.` → `./src/index.ts`. */
  exports: Readonly<Record<string, string>>;
  /** Everything its package.json names. */
  dependencies: readonly string[];
}

const packages = {
  ocpp: [],
  bus: [],
  cache: [],
  storage: [],
  config: [],
  runtime: [],
  'api-client': [],
  calls: ['ocpp', 'bus'],
  http: ['ocpp', 'config', 'runtime'],
  parking: ['bus', 'storage'],
  daemon: ['bus', 'cache', 'config', 'http', 'parking', 'runtime', 'storage'],
} as const;

const forServices = ['ocpp', 'bus', 'cache', 'storage', 'config', 'runtime', 'calls', 'http', 'daemon'];
const forPrograms = [...forServices, 'parking'];
const services = ['csms-server', 'message-manager', 'session', 'device-manager'];

/** By folder, the short names of the workspaces that may be imported. A folder that is missing here has no rule. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(packages).map(([name, list]) => [`packages/${name}`, list])),
  ...Object.fromEntries(services.map((name) => [`services/${name}`, forServices])),
  'apps/all-in-one': [...forPrograms, ...services],
  'apps/console': ['api-client'],
  'apps/container': ['config', 'runtime'],
  // Speaks to a running system as everybody does; starts the other programs; looks at what they run on.
  'apps/cli': [
    ...['api-client', 'config', 'daemon', 'ocpp', 'runtime', 'storage'],
    ...['all-in-one', 'simulator', 'transfer', ...services],
  ],
  // Both read and write what services keep, by what each of them says of its tables.
  'apps/backup': ['config', 'parking', 'runtime', 'storage', ...services],
  'apps/transfer': ['bus', 'config', 'parking', 'runtime', 'storage', ...services],
};

/** Everything is a test here. */
const testFolders = ['e2e', 'packages/testing', 'bench'];

interface Import {
  specifier: string;
  line: number;
}

const importPattern =
  /^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^[ \t]*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

export function importsOf(text: string): Import[] {
  return [...text.matchAll(importPattern)].map((match) => ({
    specifier: match[1] ?? match[2] ?? match[3] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

/** The text with other specifiers in its imports. */
export function replaceImports(text: string, replacementOf: (specifier: string) => string): string {
  return text.replace(importPattern, (whole: string, ...groups: unknown[]) => {
    const specifier = groups.slice(0, 3).find((group) => typeof group === 'string');
    if (typeof specifier !== 'string') return whole;
    const at = whole.lastIndexOf(specifier);
    return `${whole.slice(0, at)}${replacementOf(specifier)}${whole.slice(at + specifier.length)}`;
  });
}

/** One line for each import that breaks a rule, and for each cycle. */
export function findViolations(files: readonly SourceFile[], workspaces: readonly Workspace[]): string[] {
  const violations: string[] = [];
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const targets: string[] = [];
    for (const { specifier, line } of importsOf(file.text)) {
      const from: Importer = { path: file.path, workspace: workspaceOf(file.path, workspaces) };
      const to = resolve(specifier, file.path, workspaces);
      const problem = to && problemWith(from, to);
      if (problem) violations.push(`${file.path}:${line} imports ${specifier}: ${problem}`);
      if (to?.file !== undefined) targets.push(to.file);
    }
    graph.set(file.path, targets);
  }
  return [...violations, ...findCycles(graph).map((cycle) => `import cycle: ${cycle.join(' → ')}`)];
}

interface Importer {
  path: string;
  workspace: Workspace | undefined;
}

interface Target {
  workspace: Workspace | undefined;
  /** Undefined when the `exports` map does not have it. */
  file: string | undefined;
  relative: boolean;
}

/** Undefined for what is not ours. */
function resolve(specifier: string, importer: string, workspaces: readonly Workspace[]): Target | undefined {
  if (specifier.startsWith('.')) {
    const file = posix.join(posix.dirname(importer), specifier);
    return { workspace: workspaceOf(file, workspaces), file, relative: true };
  }
  const workspace = workspaces.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (!workspace) return undefined;
  const entry = workspace.exports[`.${specifier.slice(workspace.name.length)}`];
  return { workspace, file: entry === undefined ? undefined : posix.join(workspace.folder, entry), relative: false };
}

function workspaceOf(path: string, workspaces: readonly Workspace[]): Workspace | undefined {
  return workspaces.find(({ folder }) => path.startsWith(`${folder}/`));
}

function problemWith(
  { path, workspace: from }: Importer,
  { workspace: to, file, relative }: Target,
): string | undefined {
  if (!from) return undefined;
  if (from === to) return problemWithin(from, path, file, relative);
  if (!to) return `it is outside of ${from.folder}`;
  if (relative) return `another workspace is imported by its name, ${to.name}`;
  if (file === undefined) return `${to.folder}/package.json does not export it`;
  if (!mayImport(from, to, path)) return `${from.folder} may not import ${to.folder}`;
  if (!from.dependencies.includes(to.name))
    return `${from.folder}/package.json does not name it among its dependencies`;
  return undefined;
}

function problemWithin(own: Workspace, path: string, file: string | undefined, relative: boolean): string | undefined {
  if (!relative) return 'a workspace does not import itself by name; import the file';
  const barrel = posix.join(own.folder, own.exports['.'] ?? 'src/index.ts');
  if (file === barrel && !isTest(path)) return 'the index of the own package; import the file that has it';
  return undefined;
}

function mayImport(from: Workspace, to: Workspace, path: string): boolean {
  if (to.folder === 'packages/testing') return isTest(path);
  const list = allowed[from.folder];
  return list === undefined || list.includes(posix.basename(to.folder));
}

const isTest = (path: string): boolean =>
  path.endsWith('.test.ts') ||
  path.includes('/test-support/') ||
  testFolders.some((folder) => path.startsWith(`${folder}/`));

/** Each cycle once, beginning with its first file in the order of the alphabet. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles = new Map<string, string[]>();
  const done = new Set<string>();
  const path: string[] = [];

  function visit(file: string): void {
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = fromSmallest(path.slice(start));
      cycles.set(cycle.join(' '), [...cycle, cycle[0] ?? '']);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  }

  for (const file of graph.keys()) visit(file);
  return [...cycles.values()];
}

function fromSmallest(cycle: string[]): string[] {
  const start = cycle.indexOf([...cycle].sort()[0] ?? '');
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}
