// What is checked without running anything of ours, by npm run check and npm test.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const bin = (name, ...path) => join('node_modules', name, ...path);

export const staticSteps = [
  ['types', bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', '.'],
  ['types of the console', bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'apps/console'],
  ['lint and format', bin('@biomejs/biome', 'bin', 'biome'), 'check', '.'],
  ['generated code', join('scripts', 'generate.ts'), '--check'],
  ['package-lock.json', join('scripts', 'check-lockfile.ts')],
  ['dependency rules', join('scripts', 'check-dependencies.ts')],
];

/** Runs every step, whatever the ones before it said. Returns the names of those that failed. */
export function runSteps(node, steps) {
  return steps.filter((step) => !passes(node, step)).map(([name]) => name);
}

/** Shows what a step had to say only when it failed. */
function passes(node, [name, file, ...args]) {
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
