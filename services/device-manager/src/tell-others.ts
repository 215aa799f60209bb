import type { Bus, Subscription } from '@ocpp-csms/bus';

/** The channel on which the instances of this service tell each other what one of them may wait for. */
const channel = 'device-manager.told';

/** A command has ended, or the last part of a report has come: known to the instance that took the message. */
export type Told = { command: string } | { report: string };

/** Live and without memory: who misses it finds the end of a command in the database, a little later. */
export function tellOthers(bus: Bus, from: string, told: Told): void {
  bus.broadcast(channel, { ...told, from });
}

/** `hear` gets what other instances than `own` tell. */
export function hearOthers(bus: Bus, own: string, hear: (told: Told) => void): Promise<Subscription> {
  return bus.listen(channel, (content) => {
    const { from, command, report } = content as { from?: unknown; command?: unknown; report?: unknown };
    if (from === own) return;
    if (typeof command === 'string') hear({ command });
    if (typeof report === 'string') hear({ report });
  });
}
