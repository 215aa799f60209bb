import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const installed = '/usr/lib/postgresql';

/** A PostgreSQL of the test's own, to be stopped and started. */
export interface PostgresServer {
  url: string;
  start(): Promise<void>;
  /** `immediate`: as if it were killed. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  /** A standby becomes the primary. */
  promote(): Promise<void>;
  /** Process id of the postmaster. */
  pid(): number;
  /** Stops it and deletes its folder. */
  remove(): Promise<void>;
}

/** Why there can be none here, or nothing. */
export function postgresServerMissing(): string | undefined {
  return binaries() === undefined ? `no PostgreSQL server is installed in ${installed}` : undefined;
}

/** Makes a cluster in a temporary folder and starts it on a free port. */
export async function startPostgresServer(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<PostgresServer> {
  return startIn(settings, (bin, data) => asPostgres(join(bin, 'initdb'), initialised(data)));
}

/** A standby of `primary`: reads only, until it is promoted. */
export async function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  return startIn({}, (bin, data) =>
    asPostgres(join(bin, 'pg_basebackup'), [
      '-D',
      data,
      '-d',
      primary.url,
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
      '--no-sync',
    ]),
  );
}

const initialised = (data: string) => [
  '-D',
  data,
  '-U',
  'postgres',
  '-A',
  'trust',
  '-E',
  'UTF8',
  '--locale=C',
  '--no-sync',
];

async function startIn(
  settings: Readonly<Record<string, string | number>>,
  fill: (bin: string, data: string) => Promise<void>,
): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === undefined) throw new Error(postgresServerMissing());
  const folder = mkdtempSync(join(tmpdir(), 'csms-postgres-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  await fill(bin, data);
  const all = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off', ...settings };
  const options = Object.entries(all)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  const control = (...args: string[]) =>
    asPostgres(join(bin, 'pg_ctl'), ['-D', data, '-w', '-l', join(folder, 'log'), ...args]);
  const server: PostgresServer = {
    url: `postgresql://postgres:not-a-secret@127.0.0.1:${port}/postgres`,
    start: () => control('-o', options, 'start'),
    stop: (mode = 'fast') => control('-m', mode, 'stop'),
    promote: () => control('promote'),
    pid: () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    async remove() {
      if (existsSync(join(data, 'postmaster.pid'))) await server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** The newest version that is installed. */
function binaries(): string | undefined {
  if (!existsSync(installed)) return undefined;
  const folders = readdirSync(installed).map((version) => join(installed, version, 'bin'));
  return folders.filter((folder) => existsSync(join(folder, 'initdb'))).at(-1);
}

/** PostgreSQL refuses to run as root. */
async function asPostgres(program: string, args: readonly string[]): Promise<void> {
  const command = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', program, ...args] : [program, ...args];
  await run(command[0] ?? program, command.slice(1), { cwd: tmpdir() });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
