// Builds what a release is made of, below build/. Called by scripts/build_local.sh and package.sh:
//   node scripts/release.mjs [--checks] [--version 1.1.0]
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrap, root, run, runNpm } from './bootstrap.mjs';

const { values } = parseArgs({ options: { checks: { type: 'boolean' }, version: { type: 'string' } } });
const version = values.version ?? JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
const target = join(root, 'build', `ocpp_csms-${version}`);

process.chdir(root);
const node = await bootstrap();
if (values.checks) await step('scripts/check.mjs');
if (existsSync('apps/console/package.json'))
  await runNpm(node, ['run', 'build', '--workspace', 'apps/console'], 'Building the console', root);
await step(
  '--disable-warning=ExperimentalWarning',
  'scripts/release/main.ts',
  '--version',
  version,
  '--target',
  target,
);
// Without scripts: what is native is in the packages, for every system.
await runNpm(node, ['pack', '--ignore-scripts', '--pack-destination', '..'], 'Packing the package of npm', target);
console.log(`build/ocpp-csms-${version}.tgz: for npx and npm install`);
const production = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
await runNpm(node, production, 'Installing what it needs to run', target);
console.log(`${relative(root, target)}: runs as it is, with: node ${relative(root, target)}/scripts/start.mjs`);

/** Ends everything when it fails; it has said why. */
async function step(...args) {
  const code = await run(node, args);
  if (code !== 0) process.exit(code);
}
