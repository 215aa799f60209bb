import { readdir, readFile, readlink } from 'node:fs/promises';

/** State of a socket in /proc/net/tcp. */
const listening = '0A';

/** `nginx (process 123)`: who listens at a port, as far as Linux tells this user. */
export async function portOwner(port: number): Promise<string | undefined> {
  const sockets = new Set(await socketsAt(port));
  if (sockets.size === 0) return undefined;
  for (const process of await list('/proc')) {
    if (!/^\d+$/.test(process)) continue;
    for (const descriptor of await list(`/proc/${process}/fd`)) {
      const target = await readlink(`/proc/${process}/fd/${descriptor}`).catch(() => '');
      if (sockets.has(target)) return `${await nameOf(process)} (process ${process})`;
    }
  }
  return undefined;
}

async function socketsAt(port: number): Promise<string[]> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(read));
  return tables
    .flatMap((text) => text.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(wanted) && state === listening)
    .map((fields) => `socket:[${fields[9]}]`);
}

const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** The name of the thread says little of interpreters; the program does. */
async function nameOf(process: string): Promise<string> {
  const [program = ''] = (await read(`/proc/${process}/cmdline`)).split('\0');
  return program.split('/').at(-1) || (await read(`/proc/${process}/comm`)).trim() || 'a program';
}
