import type { Clock } from '@ocpp-csms/runtime';

export interface HeldChange {
  networkId: string;
  data: Record<string, unknown>;
}

/** Lets the changes of a connector be told at a bearable rate; of those that come too fast, the last is told later (field-faults row 47). */
export interface FlapGuard {
  /** True: tell it now. False: it is held, in place of one held before. */
  admit(key: string, change: HeldChange): boolean;
  /** What was held and may be told now. */
  due(): HeldChange[];
}

const changesPerWindow = 10;
const windowMs = 60_000;

interface Window {
  startedAt: number;
  changes: number;
  held?: HeldChange;
}

export function createFlapGuard(clock: Clock): FlapGuard {
  const windows = new Map<string, Window>();
  return {
    admit(key, change) {
      const now = clock.now().getTime();
      let window = windows.get(key);
      if (!window || (now - window.startedAt >= windowMs && !window.held)) {
        window = { startedAt: now, changes: 0 };
        windows.set(key, window);
      }
      window.changes++;
      if (window.changes <= changesPerWindow) return true;
      window.held = change;
      return false;
    },
    due() {
      const now = clock.now().getTime();
      const due: HeldChange[] = [];
      for (const [key, { startedAt, held }] of windows) {
        if (now - startedAt < windowMs) continue;
        windows.delete(key);
        if (held) due.push(held);
      }
      return due;
    },
  };
}
