import type { Workspace } from './workspaces.ts';

/** The parts of the root's package.json that a release takes over. */
export interface RootManifest {
  name: string;
  description: string;
  license: string;
  scripts: Readonly<Record<string, string>>;
}

interface LockedPackage {
  version?: string;
  dev?: boolean;
  link?: boolean;
  [member: string]: unknown;
}

export interface Lockfile {
  lockfileVersion: number;
  packages: Readonly<Record<string, LockedPackage>>;
}

export interface ReleaseOptions {
  root: RootManifest;
  lockfile: Lockfile;
  version: string;
  /** Whose code is in the release. */
  workspaces: readonly Workspace[];
  /** The file that runs as `ocpp-csms`, from the root; undefined: there is none. */
  command: string | undefined;
  /** Files of the release, from its root. */
  files: ReadonlySet<string>;
}

/** What the program says itself when it is older (ocpp-csms.js); a checkout fetches a newer one, npx does not. */
const engines = { node: '>=22.18' };

/** The package.json of a release, and the npm-shrinkwrap.json that holds every version of what it needs. */
export function manifestsOf(options: ReleaseOptions): { manifest: object; shrinkwrap: object } {
  const { root, lockfile, version, workspaces, command, files } = options;
  const dependencies = dependenciesOf(workspaces);
  const manifest = {
    name: root.name,
    version,
    description: root.description,
    license: root.license,
    type: 'module',
    engines,
    ...(command === undefined ? {} : { bin: { [root.name]: command } }),
    scripts: scriptsOf(root.scripts, files),
    dependencies,
  };
  const { name, license } = manifest;
  const bin = command === undefined ? {} : { bin: manifest.bin };
  return {
    manifest,
    shrinkwrap: {
      name,
      version,
      lockfileVersion: lockfile.lockfileVersion,
      requires: true,
      packages: { '': { name, version, license, dependencies, ...bin, engines }, ...packagesOf(lockfile) },
    },
  };
}

/** What is in a registry; of our own packages the code is in the release itself. */
function dependenciesOf(workspaces: readonly Workspace[]): Record<string, string> {
  const own = new Set(workspaces.map(({ name }) => name));
  const all = new Map<string, string>();
  for (const { folder, dependencies } of workspaces) {
    for (const [name, version] of Object.entries(dependencies)) {
      if (own.has(name)) continue;
      const other = all.get(name);
      if (other !== undefined && other !== version)
        throw new Error(`${folder} wants ${name} ${version} and another workspace ${other}: a release has one of them`);
      all.set(name, version);
    }
  }
  return Object.fromEntries([...all].sort(([one], [other]) => one.localeCompare(other)));
}

/** Only what is needed to run; tests, tools and links to workspaces stay behind. */
function packagesOf({ packages }: Lockfile): Record<string, LockedPackage> {
  const inWorkspace = Object.keys(packages).find((path) => /^(?!node_modules\/).+\/node_modules\//.test(path));
  if (inWorkspace !== undefined)
    throw new Error(`${inWorkspace} is a version for one workspace alone: a release has one of each package`);
  return Object.fromEntries(
    Object.entries(packages).filter(([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link),
  );
}

/** `npm start` and the like work in a release as in the repository, those whose program is there. */
function scriptsOf(scripts: Readonly<Record<string, string>>, files: ReadonlySet<string>): Record<string, string> {
  const emitted = Object.entries(scripts).map(([name, script]) => [name, namedAsEmitted(script)] as const);
  const isThere = (script: string) =>
    script.split(' ').every((word) => !/\.(?:mjs|js|ts)$/.test(word) || files.has(word));
  return Object.fromEntries(emitted.filter(([, script]) => script.startsWith('node ') && isThere(script)));
}

/** Programs are called main.ts in the repository and main.js in a release. */
export const namedAsEmitted = (text: string): string => text.replace(/\bmain\.ts\b/g, 'main.js');
