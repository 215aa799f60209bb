import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Log } from '@ocpp-csms/runtime';

export const demoChargePoints = 12;
export const demoSites = ['north', 'south', 'harbour'];

/** The simulated charge points of `--demo`, in a process of their own, as they will be in a car park. */
export interface DemoFleet {
  /** Ends it: charges under way are ended first. It is killed when that takes longer than this. */
  stop(timeoutMs: number): Promise<void>;
}

const simulator = fileURLToPath(new URL('../../simulator/src/main.ts', import.meta.url));

/** `url`: up to the identity. The fleet ends by itself when this process does, however that happens. */
export function startDemoFleet({ url, log }: { url: string; log: Log }): DemoFleet {
  const fleet = ['--count', String(demoChargePoints), '--sites', demoSites.join(','), '--version', 'mix'];
  const child = spawn(process.execPath, [simulator, '--url', url, ...fleet, '--lively', '--quiet'], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A Ctrl-C at the terminal is for the CSMS, which ends the fleet in good order.
    detached: true,
    // Which on Windows would show a window of its own.
    windowsHide: true,
  });
  let stopping = false;
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2000);
  });
  child.once('error', (error) => log.error({ reason: error.message }, 'The demo fleet could not be started'));
  child.once('exit', (code) => {
    if (!stopping) log.error({ code, said }, 'The demo fleet ended; start again with npm start -- --demo');
  });
  return {
    async stop(timeoutMs) {
      stopping = true;
      await end(child, timeoutMs);
    },
  };
}

async function end(child: ChildProcess, timeoutMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  // Which it takes for the end of who started it; Windows has no signal that a program could answer.
  if (child.connected) child.disconnect();
  await exited;
  clearTimeout(timer);
}
