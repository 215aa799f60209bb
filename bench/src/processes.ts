/** The processes of a run: servers under test and the load generator, each on a core of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { systemFlags } from '@ocpp-csms/all-in-one/node-flags';
import type { LoadOrder, LoadResult, StormOrder, StormResult } from './load/orders.ts';
import { pin } from './machine.ts';
import type { ServerOrder, ServerReport } from './servers/announce.ts';

export interface ServerUnderTest {
  readonly pid: number;
  readonly port: number;
  order(order: ServerOrder): Promise<ServerReport>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Of the program in `servers/`. */
  arguments?: readonly string[];
  /** Another runtime than this Node.js, with what it needs in its environment. */
  runtime?: string;
}

const startWithinMs = 60_000;

/** Rejects with what it wrote last when it ends instead of announcing its port. */
export async function startServer(name: string, options: StartOptions = {}): Promise<ServerUnderTest> {
  const child = fork(new URL(`./servers/${name}.ts`, import.meta.url), options.arguments ?? [], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    ...(options.runtime === undefined ? { execArgv: flagsOf(name) } : { execPath: options.runtime, execArgv: [] }),
  });
  pin(child.pid, 'server');
  const said = lastWords(child);
  const { port } = await answer<{ port: number }>(child, name, said, startWithinMs);
  return {
    pid: child.pid ?? 0,
    port,
    order: (order) => {
      child.send(order);
      return answer(child, name, said);
    },
    stop: () => stop(child),
  };
}

/** The peers run as Node.js comes, our system as `npm start` starts it. */
function flagsOf(name: string): string[] {
  return ['--expose-gc', ...(name === 'ocpp-csms' ? systemFlags : [])];
}

export interface Generator {
  load(order: Exclude<LoadOrder, StormOrder>): Promise<LoadResult>;
  storm(order: StormOrder): Promise<StormResult>;
  stop(): Promise<void>;
}

export function startGenerator(): Generator {
  const child = fork(new URL('./load/main.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  pin(child.pid, 'generator');
  const said = lastWords(child);
  const carryOut = <Result>(order: LoadOrder): Promise<Result> => {
    child.send(order);
    return answer(child, 'load generator', said);
  };
  return { load: carryOut, storm: carryOut, stop: () => stop(child) };
}

/** Both stopped in the end, whatever happened. */
export async function withLoad<Result>(
  starting: Promise<ServerUnderTest>,
  work: (server: ServerUnderTest, generator: Generator) => Promise<Result>,
): Promise<Result> {
  const server = await starting;
  const generator = startGenerator();
  try {
    return await work(server, generator);
  } finally {
    await Promise.all([generator.stop(), server.stop()]);
  }
}

function lastWords(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2000);
  });
  return () => said.trim();
}

async function answer<Message>(
  child: ChildProcess,
  name: string,
  said: () => string,
  withinMs?: number,
): Promise<Message> {
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  const ended = () => reject(new Error(`${name} ended early:\n${said()}`));
  const timer =
    withinMs === undefined
      ? undefined
      : setTimeout(() => {
          child.kill('SIGKILL');
          reject(new Error(`${name} was not ready after ${withinMs / 1000} s:\n${said()}`));
        }, withinMs);
  child.once('message', resolve as (message: unknown) => void);
  child.once('close', ended);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off('close', ended);
    child.off('message', resolve as (message: unknown) => void);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
}

/** Throws when an answer was wrong or missing or a connection broke: such a run does not count. */
export function checkLoad(server: string, { wrongReplies, unanswered, closed }: LoadResult): void {
  const faults = { 'wrong replies': wrongReplies, 'missing replies': unanswered, 'closed connections': closed };
  const found = Object.entries(faults).filter(([, count]) => count > 0);
  if (found.length === 0) return;
  throw new Error(`${server}: ${found.map(([what, count]) => `${count} ${what}`).join(', ')}: the run does not count`);
}
