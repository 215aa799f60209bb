import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ConnectedBus, TopicGroups } from '../../bus.ts';
import { createMemoryParking } from '../../memory/memory-parking.ts';
import type { BusOptions } from '../../options.ts';
import type { ZeromqPeer } from '../peers.ts';
import { createZeromqBus } from '../zeromq-bus.ts';
import type { ZeromqOptions } from '../zeromq-options.ts';
import { freePorts } from './free-ports.ts';
import type { MemberOptions } from './member.ts';

export interface Member {
  readonly process: ChildProcess;
  /** What it said: warnings, errors, failed publishes. */
  readonly said: string[];
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface System {
  directory: string;
  peers: ZeromqPeer[];
  /** A bus in the process of the test. */
  here(name: string, options?: Partial<ZeromqOptions & BusOptions>): Promise<ConnectedBus>;
  /** A bus in a process of its own; resolves when it has begun. */
  start(name: string, options: Partial<MemberOptions>): Promise<Member>;
  file(name: string): string;
}

const GROUPS: TopicGroups = { MessagesIn: ['log'], MessagesSent: [], Events: [] };
const MEMBER = fileURLToPath(new URL('./member.ts', import.meta.url));

/** Peers by name, each with the groups that it consumes for; ended with the test. */
export async function createSystem(named: Record<string, readonly string[]>): Promise<System> {
  const directory = await mkdtemp(join(tmpdir(), 'zeromq-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const ports = await freePorts(Object.keys(named).length);
  const peers = Object.entries(named).map(([service, groups], at) => {
    return { service, node: 'n', address: `tcp://127.0.0.1:${ports[at]}`, groups };
  });
  const common = (name: string) => ({
    self: { service: name, node: 'n' },
    peers,
    groups: GROUPS,
    directory,
    journalBytes: 64 * 1024 * 1024,
  });
  return {
    directory,
    peers,
    file: (name) => join(directory, name),
    async here(name, options) {
      const own = { ...common(name), parking: createMemoryParking(), heartbeatMs: 100, ...options };
      const bus = await createZeromqBus(own, own);
      onTestFinished(() => bus.stop({ timeoutMs: 50 }));
      return bus;
    },
    async start(name, options) {
      const child = fork(MEMBER, [JSON.stringify({ ...common(name), ...options })]);
      const ended = once(child, 'exit');
      const said: string[] = [];
      const ready = new Promise<void>((resolve, reject) => {
        child.on('message', (message) => (message === 'ready' ? resolve() : said.push(String(message))));
        child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
      });
      const kill = async () => {
        child.kill('SIGKILL');
        await ended;
      };
      onTestFinished(kill);
      await ready;
      return {
        process: child,
        said,
        kill,
        stop: async () => {
          child.send('stop');
          await ended;
        },
      };
    },
  };
}

/** What a process wrote into its file: the numbers of each client, as they came. */
export function readSeen(file: string): Map<string, number[]> {
  const seen = new Map<string, number[]>();
  if (!existsSync(file)) return seen;
  const text = readFileSync(file, 'utf8');
  // The last line may be half written.
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const [client = '', seq] = line.split(' ');
    if (seq !== undefined) seen.set(client, [...(seen.get(client) ?? []), Number(seq)]);
  }
  return seen;
}

/** Each number came first after the one before it; a repeat goes back and then on in order. */
export function gapsOf(numbers: readonly number[]): number[] {
  const gaps: number[] = [];
  let highest = 0;
  let last = 0;
  for (const number of numbers) {
    if (number > highest + 1 || (number <= highest && number > last + 1)) gaps.push(number);
    highest = Math.max(highest, number);
    last = number;
  }
  return gaps;
}
