/** Who waits for something that is told by a key, in this process. */
export interface Waiters {
  /** Resolves to true when it was told, to false when the time is over. Told before it is asked for does not count. */
  wait(key: string, timeoutMs: number): { told: Promise<boolean>; giveUp(): void };
  tell(key: string): void;
  /** Lets everybody go on, as if the time were over. */
  stop(): void;
}

export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<(told: boolean) => void>>();

  return {
    wait(key, timeoutMs) {
      const { promise: told, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => end(false), timeoutMs);
      const mine = waiting.get(key) ?? new Set();
      waiting.set(key, mine.add(end));
      function end(result: boolean): void {
        clearTimeout(timer);
        mine.delete(end);
        if (mine.size === 0) waiting.delete(key);
        resolve(result);
      }
      return { told, giveUp: () => end(false) };
    },
    tell(key) {
      for (const end of [...(waiting.get(key) ?? [])]) end(true);
    },
    stop() {
      for (const all of [...waiting.values()]) for (const end of [...all]) end(false);
    },
  };
}
