/** A charging profile in one form for all versions (1.6 §7.8, 2.x K01). */
export interface ChargingProfile {
  id: number;
  /** 0: the whole charge point. */
  connectorId: number;
  stackLevel: number;
  purpose: Purpose;
  kind: 'Absolute' | 'Recurring' | 'Relative';
  recurrency?: 'Daily' | 'Weekly';
  validFrom?: Date;
  validTo?: Date;
  /** Of a TxProfile: the transaction that it is for. */
  transactionId?: string;
  schedule: ChargingSchedule;
  /** As the CSMS sent it, for GetChargingProfiles. */
  original: object;
}

export type Purpose = 'StationMax' | 'TxDefault' | 'Tx' | 'ExternalConstraints';

export interface ChargingSchedule {
  startSchedule?: Date;
  /** Seconds. */
  duration?: number;
  unit: RateUnit;
  periods: readonly SchedulePeriod[];
}

export type RateUnit = 'W' | 'A';

export interface SchedulePeriod {
  /** Seconds from the start of the schedule. */
  start: number;
  /** In the unit of the schedule; A for each phase. */
  limit: number;
  phases?: number;
}

const voltage = 230;
const usualPhases = 3;

/** A per phase and W for all of them together: what 1.6 §7.5 and 2.x K01 call ChargingRateUnit. */
export function convert(limit: number, from: RateUnit, to: RateUnit, phases = usualPhases): number {
  if (from === to) return limit;
  return to === 'W' ? limit * voltage * phases : limit / (voltage * phases);
}
