import type { Log } from '@ocpp-csms/runtime';

/** Work that comes again and again, never twice at once. */
export interface Timers {
  /** `what` is for the log: "<what> failed". */
  every(ms: number, what: string, work: () => Promise<unknown>): void;
  /** Resolves when what runs has ended. */
  stop(): Promise<void>;
}

export function createTimers(log: Log): Timers {
  const handles: NodeJS.Timeout[] = [];
  const running = new Set<Promise<void>>();

  async function run(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.error(
        { reason: error instanceof Error ? error.message : String(error) },
        `${what} failed; it is tried again`,
      );
    }
  }

  return {
    every(ms, what, work) {
      let busy = false;
      const handle = setInterval(() => {
        if (busy) return;
        busy = true;
        const turn = run(what, work).finally(() => {
          busy = false;
          running.delete(turn);
        });
        running.add(turn);
      }, ms);
      handles.push(handle);
    },
    async stop() {
      for (const handle of handles.splice(0)) clearInterval(handle);
      await Promise.all(running);
    },
  };
}
