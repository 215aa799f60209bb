import { type FlagCode, isDisputing } from '../flags.ts';
import type { RegisterSummary } from '../meter-values/register-summary.ts';

export interface EnergyFacts {
  /** 1.6: the readings of StartTransaction and StopTransaction; 2.x has samples only. In Wh. */
  meterStartWh: number | null;
  meterStopWh: number | null;
  samples: RegisterSummary;
  /** ISO 8601. */
  startedAt: string;
  stoppedAt: string;
}

export interface Energy {
  /** Never negative; `null` where it can't be said without guessing. */
  energyWh: number | null;
  /** The readings that the energy is the difference of. */
  fromWh: number | null;
  toWh: number | null;
  flags: readonly FlagCode[];
}

/** No charger delivers more. */
const greatestPowerW = 2_000_000;
/** Times are rounded, and clocks are set during a transaction. */
const shortestHours = 1 / 12;

/** The difference of the register between begin and end; what is doubtful about it is flagged, never repaired (field-faults row 44). */
export function energyOf({ meterStartWh, meterStopWh, samples, startedAt, stoppedAt }: EnergyFacts): Energy {
  const flags: FlagCode[] = [];
  const isRelative = meterStartWh !== null && samples.highest !== null && samples.highest < meterStartWh;
  if (isRelative) flags.push('session-relative-samples');
  const [fromWh, toWh] =
    isRelative && meterStopWh === null
      ? [samples.first, samples.last]
      : [meterStartWh ?? samples.first, meterStopWh ?? samples.last];
  const readings = Number(meterStartWh !== null) + Number(meterStopWh !== null) + samples.readings;
  if (fromWh === null || toWh === null || readings < 2) {
    return { energyWh: null, fromWh, toWh, flags: [...flags, 'missing-meter'] };
  }
  const energyWh = Math.round((toWh - fromWh) * 1000) / 1000;
  if (energyWh < 0) flags.push('meter-went-backwards');
  if (samples.drops > 0) flags.push('meter-reset');
  if (energyWh > greatestPowerW * hoursBetween(startedAt, stoppedAt)) flags.push('absurd-energy');
  return { energyWh: flags.some(isDisputing) ? null : energyWh, fromWh, toWh, flags };
}

function hoursBetween(from: string, to: string): number {
  return Math.max((Date.parse(to) - Date.parse(from)) / 3_600_000, shortestHours);
}
