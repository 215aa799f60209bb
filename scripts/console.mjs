// The web console as static files, built when its sources are not those of the last build.
import { join } from 'node:path';
import { builtFrom, canBuild, hashSources } from '../apps/console/build/sources.mjs';
import { collect, root, showProgress } from './bootstrap.mjs';

/** A failure is told, and does not keep the system from starting: it then says on its pages how to build them. */
export async function ensureConsole(node) {
  if (!canBuild() || builtFrom() === hashSources()) return;
  const stop = showProgress('Building the web console', Date.now());
  const { code, output } = await collect(node, [join(root, 'apps', 'console', 'build', 'main.ts')], { cwd: root });
  stop(code === 0 ? 'done' : 'failed');
  if (code !== 0) process.stderr.write(`${output.trim()}\n\nThe system starts without its web console.\n`);
}
