// npm run check: the definition of done. Every step runs, whatever the ones before it said.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

const bin = (name, ...path) => join('node_modules', name, ...path);

const steps = [
  ['types', bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', '.'],
  ['lint and format', bin('@biomejs/biome', 'bin', 'biome'), 'check', '.'],
  ['generated code', join('scripts', 'generate.ts'), '--check'],
  ['conf.example.yaml', join('scripts', 'generate-example.ts'), '--check'],
  ['package-lock.json', join('scripts', 'check-lockfile.ts')],
  ['dependency rules', join('scripts', 'check-dependencies.ts')],
  ['unit tests', bin('vitest', 'vitest.mjs'), 'run', '--project', 'unit', '--reporter=dot'],
];

process.chdir(root);
const node = await bootstrap();
const failed = steps.filter((step) => !passes(step)).map(([name]) => name);
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Shows what a step had to say only when it failed. */
function passes([name, file, ...args]) {
  const started = Date.now();
  process.stdout.write(`${name} … `);
  if (!existsSync(file)) {
    console.log(`failed: there is no ${file}`);
    return false;
  }
  const { status, stdout, stderr } = spawnSync(node, [file, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  console.log(`${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trim());
  return status === 0;
}
