import type { Clock } from '@ocpp-csms/runtime';

/** Tells the time as text. Messages come many to a millisecond, and the text costs more than most of the rest. */
export function isoClock(clock: Clock): () => string {
  let last = Number.NaN;
  let text = '';
  return () => {
    const now = clock.now();
    const milliseconds = now.getTime();
    if (milliseconds !== last) {
      last = milliseconds;
      text = now.toISOString();
    }
    return text;
  };
}
