// npm start: the four services in one process.
import { join } from 'node:path';
import { become, bootstrap, root } from './bootstrap.mjs';

const main = join(root, 'apps', 'all-in-one', 'src', 'main.ts');
await become(await bootstrap(), [main, ...process.argv.slice(2)]);
