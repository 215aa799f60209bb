import { type ChargingProfile, convert, type Purpose, type RateUnit, type SchedulePeriod } from './profile.ts';

/** What profiles are looked at for. */
export interface Charging {
  connectorId: number;
  /** Undefined: nobody charges there. */
  transaction?: { id: string | undefined; startedAt: Date };
}

const daySeconds = 86_400;

/** The period of this profile at this time. Undefined: it says nothing then. */
export function periodAt(profile: ChargingProfile, time: Date, charging: Charging): SchedulePeriod | undefined {
  const elapsed = elapsedSeconds(profile, time, charging);
  const { duration, periods } = profile.schedule;
  if (elapsed === undefined || elapsed < 0 || (duration !== undefined && elapsed >= duration)) return undefined;
  return periods.findLast(({ start }) => start <= elapsed);
}

/** Seconds since the schedule began, or last began again. */
function elapsedSeconds(profile: ChargingProfile, time: Date, { transaction }: Charging): number | undefined {
  if (profile.validFrom !== undefined && time < profile.validFrom) return undefined;
  if (profile.validTo !== undefined && time >= profile.validTo) return undefined;
  if (profile.kind === 'Relative') return since(transaction?.startedAt ?? time, time);
  const begun = since(profile.schedule.startSchedule ?? time, time);
  if (profile.kind === 'Absolute' || begun < 0) return begun;
  return begun % recurrenceSeconds(profile);
}

function recurrenceSeconds({ recurrency }: ChargingProfile): number {
  return recurrency === 'Weekly' ? 7 * daySeconds : daySeconds;
}

function since(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/**
 * The limit in W (1.6 §3.13.5, 2.x K01): of each purpose the highest stack level that says something; a TxProfile takes
 * the place of the default; the lowest of the purposes counts. Undefined: no limit.
 */
export function limitAt(profiles: readonly ChargingProfile[], time: Date, charging: Charging): number | undefined {
  const ofPurpose = (purpose: Purpose) =>
    leading(
      profiles.filter((profile) => profile.purpose === purpose),
      time,
      charging,
    );
  const forTransaction = charging.transaction === undefined ? undefined : (ofPurpose('Tx') ?? ofPurpose('TxDefault'));
  const limits = [ofPurpose('StationMax'), ofPurpose('ExternalConstraints'), forTransaction].filter(
    (limit) => limit !== undefined,
  );
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** At the same level, what is said for the connector goes before what is said for all. */
function leading(profiles: readonly ChargingProfile[], time: Date, charging: Charging): number | undefined {
  const inOrder = profiles
    .filter((profile) => concerns(profile, charging))
    .toSorted((a, b) => b.stackLevel - a.stackLevel || b.connectorId - a.connectorId);
  for (const profile of inOrder) {
    const period = periodAt(profile, time, charging);
    if (period !== undefined) return convert(period.limit, profile.schedule.unit, 'W', period.phases);
  }
  return undefined;
}

function concerns({ purpose, connectorId, transactionId }: ChargingProfile, charging: Charging): boolean {
  if (connectorId !== 0 && connectorId !== charging.connectorId) return false;
  return purpose !== 'Tx' || transactionId === undefined || transactionId === charging.transaction?.id;
}

export interface CompositeSchedule {
  start: Date;
  duration: number;
  unit: RateUnit;
  periods: SchedulePeriod[];
}

/** What all profiles together allow in the next seconds (1.6 §5.7, 2.x K08). Undefined: there is no limit in it. */
export function compositeSchedule(
  profiles: readonly ChargingProfile[],
  {
    start,
    duration,
    unit,
    most,
    ...charging
  }: Charging & { start: Date; duration: number; unit: RateUnit; most: number },
): CompositeSchedule | undefined {
  const periods: SchedulePeriod[] = [];
  let isLimited = false;
  for (const second of changes(profiles, start, duration, charging)) {
    const limitW = limitAt(profiles, new Date(start.getTime() + second * 1000), charging);
    isLimited ||= limitW !== undefined;
    const limit = Math.round(convert(Math.min(limitW ?? most, most), 'W', unit) * 10) / 10;
    if (periods.at(-1)?.limit !== limit) periods.push({ start: second, limit });
  }
  return isLimited ? { start, duration, unit, periods } : undefined;
}

/** The seconds at which any profile may say something else, in order, 0 first. */
function changes(profiles: readonly ChargingProfile[], start: Date, duration: number, charging: Charging): number[] {
  const seconds = new Set([0]);
  const add = (second: number) => {
    if (second > 0 && second < duration) seconds.add(Math.ceil(second));
  };
  for (const profile of profiles) {
    for (const date of [profile.validFrom, profile.validTo]) if (date !== undefined) add(since(start, date));
    const { schedule } = profile;
    const marks = [
      ...schedule.periods.map((period) => period.start),
      ...(schedule.duration ? [schedule.duration] : []),
    ];
    for (const begin of beginnings(profile, start, duration, charging)) for (const mark of marks) add(begin + mark);
  }
  return [...seconds].sort((a, b) => a - b);
}

/** When the schedule begins, in seconds from the start: once, or at each recurrence in the time looked at. */
function beginnings(profile: ChargingProfile, start: Date, duration: number, { transaction }: Charging): number[] {
  if (profile.kind === 'Relative') return [since(start, transaction?.startedAt ?? start)];
  const first = since(start, profile.schedule.startSchedule ?? start);
  if (profile.kind === 'Absolute') return [first];
  const every = recurrenceSeconds(profile);
  const last = first > 0 ? first : first + Math.floor(-first / every) * every;
  const count = Math.max(1, Math.ceil((duration - last) / every));
  return Array.from({ length: count }, (_, index) => last + index * every);
}
