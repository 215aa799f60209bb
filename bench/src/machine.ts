/** What this machine is, and what it permits. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { megabytes } from './report.ts';

const serverCore = 0;
const generatorCore = 1;

/** One core for the server and another for the generator; without them both take what they get. */
export const canPin = cpus().length > 1 && spawnSync('taskset', ['-p', String(process.pid)]).status === 0;

export function pin(pid: number | undefined, role: 'server' | 'generator'): void {
  if (!canPin || pid === undefined) return;
  const core = role === 'server' ? serverCore : generatorCore;
  const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`taskset could not pin the ${role}: ${stderr}`);
}

export const pinning = canPin
  ? `server pinned to core ${serverCore}, generator to core ${generatorCore}`
  : 'server and generator not pinned to cores (no taskset, or one core)';

/** Files that a process may have open; undefined where the system does not say. */
export function openFilesLimit(): number | undefined {
  const limits = '/proc/self/limits';
  if (!existsSync(limits)) return undefined;
  const limit = /^Max open files +(\d+)/m.exec(readFileSync(limits, 'utf8'))?.[1];
  return limit === undefined ? undefined : Number(limit);
}

export function describeMachine(): string {
  const processor = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`;
  const memory = `${Math.round(megabytes(totalmem()) / 1024)} GiB`;
  return `${processor}, ${memory}, ${process.platform} ${release()}, Node.js ${process.versions.node}`;
}
