import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Not a dependency of the project: 189 MB that only these tests need. */
const version = '3.37.0';
const installMs = 300_000;
const startMs = 60_000;
const folder = join(import.meta.dirname, '../../../../.servers');
const home = join(folder, `azurite-${version}`);
const program = join(home, 'node_modules/azurite/dist/src/table/main.js');

/** The account and the key of every Azurite, as Microsoft publishes them. */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  connectionString: string;
  port: number;
}

let running: Promise<Azurite | { missing: string }> | undefined;

/**
 * The table service of Azurite, in memory, one for each process that tests; it ends with the process. Installed once from
 * the registry into `.servers/`. `missing` says why there is none, for `ctx.skip`.
 */
export function azurite(): Promise<Azurite | { missing: string }> {
  running ??= start();
  return running;
}

async function start(): Promise<Azurite | { missing: string }> {
  try {
    await install();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return { missing: `Azurite ${version} could not be installed into ${folder}: ${reason}` };
  }
  const port = await freePort();
  serve(port);
  await untilListening(port);
  return { port, connectionString: azuriteConnectionString(port) };
}

export const azuriteConnectionString = (port: number): string =>
  `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};TableEndpoint=http://127.0.0.1:${port}/${account};`;

/** Beside its place, then renamed, so that two processes may do it at once. */
async function install(): Promise<void> {
  if (existsSync(program)) return;
  await mkdir(folder, { recursive: true });
  const beside = await mkdtemp(join(folder, 'installing-'));
  try {
    await writeFile(join(beside, 'package.json'), '{"private":true}');
    const options = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `azurite@${version}`];
    await promisify(execFile)('npm', options, { cwd: beside, timeout: installMs });
    await rename(beside, home).catch((error: unknown) => {
      if (!existsSync(program)) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** The shell ends it when this process is gone, however it went: then its input ends. */
function serve(port: number): void {
  const options = `--inMemoryPersistence --silent --disableTelemetry --tableHost 127.0.0.1 --tablePort ${port}`;
  const script = `"$0" "$1" ${options} </dev/null & read -r _; kill $!`;
  const shell = spawn('sh', ['-c', script, process.execPath, program], {
    cwd: home,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function untilListening(port: number): Promise<void> {
  for (const until = Date.now() + startMs; Date.now() < until; await pause(100)) {
    if (await isListening(port)) return;
  }
  throw new Error(`Azurite did not listen within ${startMs / 1000} s`);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
