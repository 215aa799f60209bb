// Which sources the built console was made of. Built-ins alone: npm start asks before anything else is there.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const consoleFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(consoleFolder));

/** What the output depends on. The versions of the libraries are in package.json, exactly. */
const inputs = [
  ...['src', 'build', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(consoleFolder, name)),
  join(root, 'packages', 'api-client', 'src'),
];

/** Where the output is. Its `files.json` is written last, and names the sources. */
export const outputFolder = join(consoleFolder, 'dist');

/** False in a release, which has the output alone, and where only what runs was installed. */
export const canBuild = () => existsSync(join(consoleFolder, 'src')) && existsSync(join(root, 'node_modules', 'vite'));

export function hashSources() {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesBelow).sort()) {
    if (/\.test\.tsx?$/.test(file)) continue;
    hash
      .update(`${relative(root, file).replaceAll('\\', '/')}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

/** Undefined: there is no output. */
export function builtFrom() {
  try {
    return JSON.parse(readFileSync(join(outputFolder, 'files.json'), 'utf8')).sources;
  } catch {
    return undefined;
  }
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}
