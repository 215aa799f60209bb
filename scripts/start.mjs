// npm start: the four services in one process.
import { join } from 'node:path';
import { systemFlags } from '../apps/all-in-one/src/node-flags.js';
import { become, bootstrap, root } from './bootstrap.mjs';
import { ensureConsole } from './console.mjs';

const main = join(root, 'apps', 'all-in-one', 'src', 'main.ts');
const node = await bootstrap();
await ensureConsole(node);
await become(node, [...systemFlags, main, ...process.argv.slice(2)]);
