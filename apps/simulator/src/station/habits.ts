import type { JsonObject } from '@ocpp-csms/ocpp';
import type { Station } from './context.ts';

/** What firmware does that it should not, besides what it says (quirks.ts). */
export interface Habits {
  /** After each boot that was accepted; the signal comes when the connection ends. */
  accepted(signal: AbortSignal): Promise<void>;
  /** The connection has ended. */
  lost(): Promise<void>;
  /** A CALL came before the boot was accepted. */
  askedEarly(): void;
  answered(action: string, answer: JsonObject | undefined): void;
}

export interface HabitControls {
  reconnect(): void;
  drop(): void;
  setPower(on: boolean): void;
}

const reconnectSeconds = 30;
const rebootSeconds = 30;
const flapSeconds = 20;
const hugeCharacters = 500_000;

export function createHabits(station: Station, { reconnect, drop, setPower }: HabitControls): Habits {
  const { quirks, clock, dialect, connectors, own, tell } = station;
  const data = (vendorId: string, text: string) => tell({ action: 'DataTransfer', payload: { vendorId, data: text } });

  async function reboot(): Promise<void> {
    setPower(false);
    await clock.sleep(rebootSeconds);
    setPower(true);
  }

  async function flap(signal: AbortSignal): Promise<void> {
    for (let isPlugged = true; ; isPlugged = !isPlugged) {
      await clock.sleep(flapSeconds, signal);
      for (const { id, ev } of connectors) {
        const status = isPlugged ? 'Preparing' : 'Available';
        if (ev === undefined) await tell(dialect.status(id, status, clock.now()));
      }
    }
  }

  return {
    async accepted(signal) {
      if (quirks.has('status-flapping')) own(flap(signal), 'StatusNotification');
      if (quirks.has('unknown-data-transfer')) await data('com.example.unknown', 'hello');
      if (quirks.has('huge-data')) await data('com.example.backlog', 'x'.repeat(hugeCharacters));
      if (!quirks.has('reconnects-for-ever')) return;
      await clock.sleep(reconnectSeconds, signal);
      reconnect();
    },
    async lost() {
      if (quirks.has('reboots-without-csms') && !station.power().aborted) await reboot();
    },
    askedEarly() {
      if (quirks.has('drops-on-early-call')) drop();
    },
    answered(action, answer) {
      const isChange = action === 'ChangeConfiguration' && answer?.status === 'Accepted';
      if (isChange && quirks.has('reboots-on-configuration')) setImmediate(() => own(reboot(), 'reboot'));
    },
  };
}
