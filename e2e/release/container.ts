import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, createApi, freePort, until } from '@ocpp-csms/testing';
import type { Buildah } from './buildah.ts';

export interface Container {
  /** Of nginx. */
  readonly port: number;
  readonly wsUrl: string;
  readonly httpUrl: string;
  readonly api: Api;
  /** What the API takes. */
  readonly key: string;
  /** The folders of the host that are mounted for data and logs. */
  readonly volumes: { data: string; logs: string };
  /** Its root folder, as the host sees it. */
  filesystem(): Promise<string>;
  output(): string;
  /** The process of a service, or of nginx, as the host sees it. */
  processOf(name: string): Promise<HostProcess>;
  processes(): Promise<HostProcess[]>;
  /** Runs a program in the same container; resolves with its exit code. */
  execute(...command: readonly string[]): Promise<number | null>;
  /** To its first process. Resolves when the container has ended. */
  signal(signal: NodeJS.Signals): Promise<void>;
  readonly ended: Promise<{ exitCode: number | null }>;
  remove(): Promise<void>;
}

export interface HostProcess {
  pid: number;
  parent: number;
  command: string;
}

export interface RunOptions {
  buildah: Buildah;
  image: string;
  env?: Readonly<Record<string, string>>;
  /** The ports that nginx and the services behind it get; by default free ones. */
  ports?: ContainerPorts;
  /** The program, instead of that of the image. */
  command?: readonly string[];
}

export interface ContainerPorts {
  nginx: number;
  messageManager: number;
  session: number;
  deviceManager: number;
}

const user = 10_001;
const adminKey = 'csms-container-test-key-0001';
const folders = { data: '/var/lib/ocpp-csms', logs: '/var/log/ocpp-csms' };

/** Without a network of its own: the ports are those of this machine. */
export async function freeContainerPorts(): Promise<ContainerPorts> {
  const [messageManager, session, deviceManager] = [await freePort(), await freePort(), await freePort()];
  return { nginx: await freePort(), messageManager, session, deviceManager };
}

/** Starts it; `untilReady` waits until it can do its work. */
export async function runContainer({ buildah, image, env = {}, ports, command }: RunOptions): Promise<Container> {
  const { nginx: port, ...behind } = ports ?? (await freeContainerPorts());
  const place = await mkdtemp(join(tmpdir(), 'ocpp-csms-container-'));
  const volumes = { data: join(place, 'data'), logs: join(place, 'logs') };
  for (const folder of Object.values(volumes)) {
    await mkdir(folder);
    await chown(folder, user, user);
  }
  const id = await buildah('from', '--pull=false', image);
  // buildah 1.28 mounts a volume of the image over one of ours at the same place.
  await buildah('config', '--volume', `${folders.data}-`, id);
  const settings: Record<string, string> = {
    CSMS_HTTP_HOST: '127.0.0.1',
    CSMS_HTTP_PORT: String(port),
    CSMS_HTTP_API_KEYS: JSON.stringify([{ name: 'test', role: 'admin', key: adminKey }]),
    CSMS_DAEMONS_MESSAGE_MANAGER_PORT: String(behind.messageManager),
    CSMS_DAEMONS_SESSION_PORT: String(behind.session),
    CSMS_DAEMONS_DEVICE_MANAGER_PORT: String(behind.deviceManager),
    CSMS_ZEROMQ_PEERS: await zeromqPeers(),
    ...env,
  };
  const mounts = Object.entries(folders).flatMap(([name, path]) => [
    '--volume',
    `${volumes[name as keyof typeof volumes]}:${path}`,
  ]);
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const runArguments = ['run', '--isolation', 'chroot', ...mounts, ...variables, id, '--'];
  const start = (program: readonly string[]) =>
    spawn('buildah', [...buildah.globalArguments, ...runArguments, ...program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const child = start(command ?? ['/opt/ocpp-csms/deploy/container/start']);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const ended = once(child, 'close').then(() => ({ exitCode: exitCodeOf(child, output) }));
  const processes = () => descendantsOf(child.pid ?? 0);
  const processOf = async (name: string) => {
    const found = (await processes()).find(({ command }) => command.includes(name));
    if (found === undefined) throw new Error(`nothing that is called ${name} runs in the container`);
    return found;
  };

  return {
    port,
    wsUrl: `ws://127.0.0.1:${port}/ocpp`,
    httpUrl: `http://127.0.0.1:${port}`,
    api: createApi({ url: `http://127.0.0.1:${port}`, key: adminKey }),
    key: adminKey,
    volumes,
    filesystem: () => buildah('mount', id),
    output: () => output,
    processes,
    processOf: (name) => (name === 'nginx' ? processOf('nginx: master') : processOf(`services/${name}/src/main.js`)),
    async execute(...program) {
      const other = start(program);
      await once(other, 'close');
      return other.exitCode;
    },
    async signal(signal) {
      process.kill((await processOf('s6-svscan ')).pid, signal);
      await ended;
    },
    ended,
    async remove() {
      for (const { pid } of await processes()) killIfThere(pid);
      child.kill('SIGKILL');
      await ended;
      await buildah('rm', id);
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** Resolves when each service says so through nginx; rejects with what the container printed. */
export async function untilReady(container: Container): Promise<void> {
  const paths = ['', '/message-manager', '/session', '/device-manager'].map((path) => `/health/ready${path}`);
  let over = false;
  void container.ended.then(() => {
    over = true;
  });
  const isReady = async (path: string) => {
    const answer = await fetch(`${container.httpUrl}${path}`, { signal: AbortSignal.timeout(2000) });
    return answer.status === 200;
  };
  await until('the container is ready', async () => over || (await Promise.all(paths.map(isReady))).every(Boolean), {
    timeoutMs: 60_000,
    everyMs: 100,
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${container.output().slice(-5000)}`);
  });
  if (over) throw new Error(`the container ended:\n${container.output().slice(-5000)}`);
}

async function zeromqPeers(): Promise<string> {
  const services = ['csms-server', 'message-manager', 'session', 'device-manager'];
  const peers = services.map(async (service) => ({
    service,
    node: 'csms',
    address: `tcp://127.0.0.1:${await freePort()}`,
  }));
  return JSON.stringify(await Promise.all(peers));
}

/** buildah itself ends with 1 whatever the program's code was, and prints that. */
function exitCodeOf({ exitCode }: ChildProcess, output: string): number | null {
  const told = /subprocess exited with status (\d+)/.exec(output)?.[1];
  return told === undefined ? exitCode : Number(told);
}

async function descendantsOf(ancestor: number): Promise<HostProcess[]> {
  const all = (
    await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readProcess))
  ).filter((process) => process !== undefined);
  const below = (pid: number): HostProcess[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(ancestor);
}

async function readProcess(name: string): Promise<HostProcess | undefined> {
  try {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8');
    const command = (await readFile(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    // The name in brackets may hold spaces; the parent is the second word after it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid: Number(name), parent, command };
  } catch {
    return undefined;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
