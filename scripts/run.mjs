// Runs a program of this repository with the right Node.js: node scripts/run.mjs FILE args…
import { resolve } from 'node:path';
import { become, bootstrap, root } from './bootstrap.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error('Usage: node scripts/run.mjs FILE [arguments]');
  process.exit(2);
}
await become(await bootstrap(), [resolve(root, file), ...args]);
