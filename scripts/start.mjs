// npm start: the four services in one process.
import { join } from 'node:path';
import { become, bootstrap, root } from './bootstrap.mjs';

// Half of Node's 16 MB for short-lived objects: 10,000 connections take 300 instead of 390 MB, a message some 4 % more
// CPU (docs/performance.md).
const flags = ['--max-semi-space-size=8'];
const main = join(root, 'apps', 'all-in-one', 'src', 'main.ts');
await become(await bootstrap(), [...flags, main, ...process.argv.slice(2)]);
