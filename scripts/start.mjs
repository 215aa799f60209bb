// npm start: the four services in one process.
import { join } from 'node:path';
import { become, bootstrap, root } from './bootstrap.mjs';
import { systemFlags } from './node-flags.mjs';

const main = join(root, 'apps', 'all-in-one', 'src', 'main.ts');
await become(await bootstrap(), [...systemFlags, main, ...process.argv.slice(2)]);
