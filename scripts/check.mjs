// npm run check: the definition of done.
import { bootstrap, root } from './bootstrap.mjs';
import { bin, runSteps, staticSteps } from './steps.mjs';

const unitTests = ['unit tests', bin('vitest', 'vitest.mjs'), 'run', '--project', 'unit', '--reporter=dot'];

process.chdir(root);
const node = await bootstrap();
const failed = runSteps(node, [...staticSteps, unitTests]);
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
