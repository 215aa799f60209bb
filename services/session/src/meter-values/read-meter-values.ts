import { type PlausibleTimes, readTime } from '../times.ts';
import { importRegister, normaliseSample, type Sample, type SampledValue } from './normalise-sample.ts';

/** The `meterValue` of both dialects. What the schema requires may be missing all the same. */
export interface MeterValueGroup {
  timestamp?: string;
  sampledValue?: readonly SampledValue[];
}

/** Samples that were taken at one time. */
export interface MeterReading {
  at: string;
  raw: string;
  flags: readonly string[];
  samples: readonly Sample[];
  /** The import register in Wh, when it is among them. */
  registerWh: number | null;
}

/** One reading for each group. One bad value never drops the rest (field-faults row 23). */
export function readMeterValues(
  groups: readonly MeterValueGroup[],
  receivedAt: string,
  plausible: PlausibleTimes,
): MeterReading[] {
  return groups.map(({ timestamp, sampledValue = [] }) => {
    const samples = sampledValue.map(normaliseSample);
    return { ...readTime(timestamp, receivedAt, plausible), samples, registerWh: registerOf(samples) };
  });
}

/** The register of the outlet: the one without a phase, else the sum of three phases. */
function registerOf(samples: readonly Sample[]): number | null {
  let phases = 0;
  let sum = 0;
  for (const { measurand, value, phase, location = 'Outlet', unitAsSent } of samples) {
    if (measurand !== importRegister || value === null || location !== 'Outlet' || unitAsSent !== undefined) continue;
    if (phase === undefined) return value;
    if (phase === 'L1' || phase === 'L2' || phase === 'L3') {
      phases++;
      sum += value;
    }
  }
  return phases === 3 ? sum : null;
}
