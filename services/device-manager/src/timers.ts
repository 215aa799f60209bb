import type { Log } from '@ocpp-csms/runtime';

/** Work in the background: it fails into the log, and whoever stops waits for it. */
export interface Timers {
  /** Begins at once; resolves when it has ended, however. */
  once(what: string, work: () => Promise<unknown>): Promise<void>;
  /** Again and again, never twice at once. `what` is for the log: "<what> failed". */
  every(ms: number, what: string, work: () => Promise<unknown>): void;
  /** Resolves when what runs has ended. */
  stop(): Promise<void>;
}

/** In a row. Before that it is a warning: the other services start, or a server is away for a moment. */
const failuresUntilError = 3;

export function createTimers(log: Log): Timers {
  const handles: NodeJS.Timeout[] = [];
  const running = new Set<Promise<void>>();
  const failures = new Map<string, number>();

  async function run(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      failures.delete(what);
    } catch (error) {
      const times = (failures.get(what) ?? 0) + 1;
      failures.set(what, times);
      log[times < failuresUntilError ? 'warn' : 'error'](
        { reason: error instanceof Error ? error.message : String(error), times },
        `${what} failed; it is tried again`,
      );
    }
  }

  function begin(what: string, work: () => Promise<unknown>): Promise<void> {
    const turn = run(what, work).finally(() => running.delete(turn));
    running.add(turn);
    return turn;
  }

  return {
    once: begin,
    every(ms, what, work) {
      let busy = false;
      const handle = setInterval(async () => {
        if (busy) return;
        busy = true;
        await begin(what, work);
        busy = false;
      }, ms);
      handles.push(handle);
    },
    async stop() {
      for (const handle of handles.splice(0)) clearInterval(handle);
      await Promise.all(running);
    },
  };
}
