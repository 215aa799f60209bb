import type { Log } from '@ocpp-csms/runtime';

/** Work for charge points that goes on beside everything else: at most one at a time for each, so many at once. */
export interface Background {
  /** Runs soon. Asked again while it waits: once. Asked again while it runs: once more afterwards. */
  request(networkId: string): void;
  /** Takes nothing new and waits for what runs, at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

export interface BackgroundOptions {
  /** In words for the log: "What went wrong: <what> failed". */
  what: string;
  atOnce: number;
  log: Log;
  work(networkId: string): Promise<void>;
}

export function createBackground({ what, atOnce, log, work }: BackgroundOptions): Background {
  const waiting = new Set<string>();
  const running = new Map<string, Promise<void>>();
  let stopped = false;

  function startNext(): void {
    for (const networkId of waiting) {
      if (stopped || running.size >= atOnce) return;
      if (running.has(networkId)) continue;
      waiting.delete(networkId);
      running.set(networkId, run(networkId));
    }
  }

  async function run(networkId: string): Promise<void> {
    try {
      await work(networkId);
    } catch (error) {
      log.warn(
        { networkId, reason: error instanceof Error ? error.message : String(error) },
        `${what} failed for this charge point`,
      );
    } finally {
      running.delete(networkId);
      startNext();
    }
  }

  return {
    request(networkId) {
      if (stopped) return;
      waiting.add(networkId);
      // Not within the caller's turn: it may hold a transaction.
      queueMicrotask(startNext);
    },
    async stop(timeoutMs) {
      stopped = true;
      waiting.clear();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, timeoutMs);
      await Promise.race([Promise.all(running.values()), late]);
      clearTimeout(timer);
    },
  };
}
