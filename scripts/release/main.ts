import { parseArgs } from 'node:util';
import { buildRelease } from './build-release.ts';

/** node scripts/release/main.ts --version 1.1.0 --target build/release: writes the tree of a release. */
const { values } = parseArgs({ options: { version: { type: 'string' }, target: { type: 'string' } } });
const { version, target } = values;
if (version === undefined || target === undefined || !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) {
  console.error('Usage: node scripts/release/main.ts --version 1.1.0 --target FOLDER (a version as npm has them)');
  process.exit(2);
}
const { modules, files } = buildRelease({ root: process.cwd(), target, version });
console.log(`${target}: version ${version}, ${modules} modules as JavaScript, ${files} files in all`);
