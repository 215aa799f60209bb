import { setTimeout as wait } from 'node:timers/promises';

/** The clock of a charge point: it may run faster than ours, and be wrong. */
export interface SimulatedClock {
  /** Simulated seconds in a real one. */
  readonly speed: number;
  now(): Date;
  /** Goes on from there. */
  set(to: Date): void;
  /** Simulated seconds; rejects when the signal comes first. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

export function createClock(speed: number): SimulatedClock {
  let shown = Date.now();
  let since = performance.now();
  const now = () => shown + (performance.now() - since) * speed;
  return {
    speed,
    now: () => new Date(now()),
    set(to) {
      shown = to.getTime();
      since = performance.now();
    },
    async sleep(seconds, signal) {
      await wait(Math.max(0, (seconds * 1000) / speed), undefined, signal === undefined ? {} : { signal });
    },
  };
}
