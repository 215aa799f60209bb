import type { Station } from './context.ts';

/** Until the next clock-aligned reading: counted from midnight (1.6 §9.1.3, 2.x J01). */
export function untilAlignedSeconds({ settings, clock }: Pick<Station, 'settings' | 'clock'>): number {
  const every = settings.number('alignedSeconds');
  return every > 0 ? clock.untilMultiple(every) : Number.POSITIVE_INFINITY;
}

/** The setting may change in the meantime. */
const lookEverySeconds = 60;

/** Clock-aligned readings of connectors on which there is no transaction; those of a transaction are said with it. */
export async function sayAlignedReadings(station: Station, signal: AbortSignal): Promise<void> {
  const { settings, clock, connectors, dialect, tell } = station;
  for (;;) {
    const untilNext = untilAlignedSeconds(station);
    await clock.sleep(Math.min(untilNext, lookEverySeconds), signal);
    if (untilNext > lookEverySeconds) continue;
    for (const connector of connectors) {
      if (connector.running !== undefined) continue;
      await tell(dialect.meterValues(connector.id, connector.moment(false), 'Sample.Clock', settings));
    }
  }
}
