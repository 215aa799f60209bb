import { readFileSync } from 'node:fs';

/** package-lock.json must be what the package.json files ask for, or `npm ci` refuses in a fresh clone. Exits with 1 when not. */
interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const root = new URL('../', import.meta.url);
const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

const locked: Record<string, Manifest> = readJson('package-lock.json').packages;
const folders = Object.keys(locked).filter((path) => !path.includes('node_modules'));
const outdated = folders.filter((folder) => {
  const manifest: Manifest = readJson(folder === '' ? 'package.json' : `${folder}/package.json`);
  return wanted(manifest) !== wanted(locked[folder] ?? {});
});

if (outdated.length > 0) {
  const files = outdated.map((folder) => (folder === '' ? 'package.json' : `${folder}/package.json`));
  console.error(`package-lock.json is not what ${files.join(', ')} asks for. Run: npm install`);
  process.exitCode = 1;
}

// A registry without the package for some other platform makes npm leave it out, and then refuse its own lockfile.
const names = new Set(
  Object.keys(locked).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
);
for (const [path, { optionalDependencies = {} }] of Object.entries(locked)) {
  const missing = Object.keys(optionalDependencies).filter((name) => !names.has(name));
  if (missing.length === 0) continue;
  console.error(
    `package-lock.json names no ${missing.join(', ')} for ${path}: npm ci refuses it. Choose a version that has them.`,
  );
  process.exitCode = 1;
}

function wanted({ dependencies = {}, devDependencies = {} }: Manifest): string {
  return JSON.stringify([dependencies, devDependencies].map((list) => Object.entries(list).sort()));
}
