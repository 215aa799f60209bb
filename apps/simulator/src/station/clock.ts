import { setTimeout as wait } from 'node:timers/promises';

/** The time of a simulation: it may run faster than ours, and what the charge point takes for the time may be wrong. */
export interface SimulatedClock {
  /** Simulated seconds in a real one. */
  readonly speed: number;
  /** ms of simulated time, which never jumps: what lasts is measured with it. */
  elapsedMs(): number;
  /** What the clock of the charge point shows: what it says to the CSMS. */
  now(): Date;
  /** What it shows or showed at another moment, by the clock as it is set now. */
  at(elapsedMs: number): Date;
  /** Simulated seconds until a multiple of these seconds, counted from midnight. */
  untilMultiple(seconds: number): number;
  /** Goes on from there. */
  set(to: Date): void;
  /** As the CSMS says in `currentTime`. */
  setBy(currentTime: Date): void;
  /** Simulated seconds; rejects when the signal comes first. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** Node counts the ms of a timer in 31 bits; one that is longer would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * `begin` is the simulated time at the start, now by default. Simulated time that has run ahead of ours is not shown:
 * a CSMS takes a time in the future for a wrong one.
 */
export function createClock(speed: number, begin = new Date()): SimulatedClock {
  const since = performance.now();
  /** How wrong the clock is. */
  let offsetMs = 0;
  const elapsedMs = () => (performance.now() - since) * speed;
  const right = (elapsed: number) => Math.min(begin.getTime() + elapsed, Date.now());
  return {
    speed,
    elapsedMs,
    now: () => new Date(right(elapsedMs()) + offsetMs),
    at: (elapsed) => new Date(right(elapsed) + offsetMs),
    untilMultiple(seconds) {
      const everyMs = seconds * 1000;
      return (everyMs - ((begin.getTime() + elapsedMs() + offsetMs) % everyMs)) / 1000;
    },
    set(to) {
      offsetMs = to.getTime() - right(elapsedMs());
    },
    setBy(currentTime) {
      // The time of the CSMS goes at the pace of ours: a faster charge point can only be set right, not to that time.
      offsetMs = speed === 1 ? currentTime.getTime() - right(elapsedMs()) : 0;
    },
    async sleep(seconds, signal) {
      const options = signal === undefined ? {} : { signal };
      for (let leftMs = Math.max(0, (seconds * 1000) / speed); ; leftMs -= longestTimerMs) {
        await wait(Math.min(leftMs, longestTimerMs), undefined, options);
        if (leftMs <= longestTimerMs) return;
      }
    },
  };
}
