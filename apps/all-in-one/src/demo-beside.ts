import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type DemoBeside, type Http, Problem } from '@ocpp-csms/http';
import type { Log } from '@ocpp-csms/runtime';

/** Simulated transactions must never be in the ledger of real ones. */
export const demoDataSuffix = '-demo';

const startMs = 60_000;
const answerMs = 5000;

/** What the two processes say to each other. */
type FromDemo = { isReady: true } | { url: string };

export interface DemoBesideOptions {
  /** What `npm start` runs. */
  program: string;
  /** The settings file that this process was given. */
  config: string | undefined;
  dataDir: string;
  log: Log;
}

/** The system with `--demo` in a process of its own, on a port that is free. It ends by itself when this process does. */
export function createDemoBeside({ program, config, dataDir, log }: DemoBesideOptions): DemoBeside & {
  /** Ends it in good order; it is killed when that takes longer than this. */
  stop(timeoutMs: number): Promise<void>;
} {
  let demo: { child: ChildProcess; isThere: Promise<void> } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function start(): NonNullable<typeof demo> {
    const child = spawn(
      process.execPath,
      [...process.execArgv, program, '--demo', ...(config === undefined ? [] : ['--config', config])],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { ...process.env, CSMS_HTTP_PORT: '0', CSMS_LOG_DIR: join(`${dataDir}${demoDataSuffix}`, 'logs') },
        // A Ctrl-C at the terminal is for this process, which ends the demo in good order.
        detached: true,
        windowsHide: true,
      },
    );
    const ended = (reason: number | Error | null) => {
      demo = undefined;
      log.info({ reason: reason instanceof Error ? reason.message : `exit code ${reason}` }, 'The demo has ended');
    };
    child.once('exit', ended);
    child.once('error', ended);
    return { child, isThere: ready(child) };
  }

  async function open(): Promise<string> {
    demo ??= start();
    const { child, isThere } = demo;
    await isThere;
    child.send('open');
    const answer = await heard(child, answerMs);
    if (!('url' in answer)) throw new Error('the demo gave no link');
    log.info('A demo runs beside this system');
    return answer.url;
  }

  return {
    // One after another: an answer does not tell whose question it is for.
    open() {
      const opened = last.then(open);
      last = opened.catch(() => undefined);
      return opened;
    },
    async stop(timeoutMs) {
      if (demo === undefined) return;
      const { child } = demo;
      const exited = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      // Which it takes for the end of who started it; Windows has no signal that a program could answer.
      if (child.connected) child.disconnect();
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Rejects with what it said when it ends before it is there. */
async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-1000);
  });
  try {
    await heard(child, startMs);
  } catch (error) {
    child.kill('SIGKILL');
    const reason = said.trim() || (error instanceof Error ? error.message : String(error));
    throw new Problem(409, 'demo-did-not-start', `The demo did not start: ${reason}`);
  }
}

async function heard(child: ChildProcess, timeoutMs: number): Promise<FromDemo> {
  const over = new AbortController();
  const { signal } = over;
  const ended = async (event: 'exit' | 'error') => {
    const [reason] = await once(child, event, { signal });
    throw new Error(reason instanceof Error ? reason.message : `it ended with code ${reason}`);
  };
  const late = async () => {
    await wait(timeoutMs, undefined, { signal });
    throw new Error(`it said nothing for ${timeoutMs / 1000} s`);
  };
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended('exit'), ended('error'), late()]);
    return message as FromDemo;
  } finally {
    over.abort();
  }
}

/** In the demo: tells who started it that it is there, and gives a link as often as it is asked for one. */
export function answerStarter(port: number, http: Http): void {
  const say = (message: FromDemo) => process.send?.(message);
  process.on('message', () => say({ url: `http://localhost:${port}/sign-in#${http.issueLoginCode()}` }));
  say({ isReady: true });
}
