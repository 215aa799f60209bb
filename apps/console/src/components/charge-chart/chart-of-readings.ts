import type { MeterReading } from '@ocpp-csms/api-client';
import type { ChartSeries } from '../time-chart-canvas.tsx';

export interface ChargeChart {
  times: number[];
  series: ChartSeries[];
}

interface Line {
  measurand: string;
  label: string;
  unit: string;
  color: string;
  factor: number;
  fill?: boolean;
}

const lines: readonly Line[] = [
  {
    measurand: 'Power.Active.Import',
    label: 'Power',
    unit: 'kW',
    color: '--state-charging',
    factor: 0.001,
    fill: true,
  },
  { measurand: 'Power.Offered', label: 'Offered', unit: 'kW', color: '--state-suspended', factor: 0.001 },
  { measurand: 'SoC', label: 'State of charge', unit: '%', color: '--state-available', factor: 1 },
];

/** `whole`: power, what was offered and the state of charge. `phases`: each phase by itself. `energy`: since the start. */
export type ChartView = 'whole' | 'phases' | 'energy';

/** The views for which something was measured. */
export function viewsOf(readings: readonly MeterReading[]): ChartView[] {
  const views: ChartView[] = ['whole', 'phases', 'energy'];
  return views.filter((view) => chartOf(readings, view).series.length > 0);
}

export function chartOf(readings: readonly MeterReading[], view: ChartView = 'whole'): ChargeChart {
  const times = readings.map(({ measuredAt }) => Date.parse(measuredAt));
  if (view === 'phases') return { times, series: phasesOf(readings) };
  if (view === 'energy') return { times, series: energyOf(readings) };
  return { times, series: wholeOf(readings, times) };
}

/** Where no power was measured, how the register rose. */
function wholeOf(readings: readonly MeterReading[], times: readonly number[]): ChartSeries[] {
  const measured = lines.flatMap(({ measurand, factor, ...line }) => {
    const values = readings.map((reading) => scaled(valueIn(reading, measurand), factor));
    return values.some((value) => value !== null) ? [{ ...line, values }] : [];
  });
  if (measured.some(({ label }) => label === 'Power')) return measured;
  const risen = powerFromRegister(readings, times);
  if (risen.every((value) => value === null)) return measured;
  return [
    { label: 'Power', unit: 'kW', color: '--state-charging', fill: true, values: risen },
    ...measured.filter(({ unit }) => unit !== 'kW'),
  ];
}

const phases = [
  { phase: 'L1', color: '--state-charging' },
  { phase: 'L2', color: '--state-suspended' },
  { phase: 'L3', color: '--state-finishing' },
] as const;

/** Power of each phase where it is measured, else its current. */
function phasesOf(readings: readonly MeterReading[]): ChartSeries[] {
  const power = phasesFor(readings, { measurand: 'Power.Active.Import', unit: 'kW', factor: 0.001 });
  return power.length > 0 ? power : phasesFor(readings, { measurand: 'Current.Import', unit: 'A', factor: 1 });
}

function phasesFor(
  readings: readonly MeterReading[],
  { measurand, unit, factor }: { measurand: string; unit: string; factor: number },
): ChartSeries[] {
  return phases.flatMap(({ phase, color }) => {
    const values = readings.map(({ samples }) => {
      const sample = samples.find((one) => one.measurand === measurand && one.phase?.replace('-N', '') === phase);
      return scaled(sample?.value ?? null, factor);
    });
    return values.some((value) => value !== null) ? [{ label: phase, unit, color, values }] : [];
  });
}

function energyOf(readings: readonly MeterReading[]): ChartSeries[] {
  const registers = readings.map((reading) => valueIn(reading, 'Energy.Active.Import.Register'));
  const first = registers.find((wh) => wh !== null);
  if (first === undefined || first === null) return [];
  const values = registers.map((wh) => (wh === null ? null : scaled(wh - first, 0.001)));
  return [{ label: 'Energy', unit: 'kWh', color: '--state-charging', fill: true, values }];
}

/** Of all phases together, else the sum of those that are given. */
export function valueIn({ samples }: MeterReading, measurand: string): number | null {
  const known = samples.filter((sample) => sample.measurand === measurand && sample.value !== null);
  const whole = known.find(({ phase }) => phase === undefined);
  if (whole) return whole.value;
  const phases = known.filter(({ phase = '' }) => /^L[123](-N)?$/.test(phase));
  return phases.length === 0 ? null : phases.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

const scaled = (value: number | null, factor: number): number | null =>
  value === null ? null : Math.round(value * factor * 100) / 100;

const hourMs = 3_600_000;

function powerFromRegister(readings: readonly MeterReading[], times: readonly number[]): (number | null)[] {
  let last: { at: number; wh: number } | undefined;
  return readings.map((reading, index) => {
    const wh = valueIn(reading, 'Energy.Active.Import.Register');
    const at = times[index] ?? 0;
    if (wh === null) return null;
    const before = last;
    last = { at, wh };
    if (!before || at <= before.at || wh < before.wh) return null;
    return Math.round(((wh - before.wh) / 1000 / ((at - before.at) / hourMs)) * 100) / 100;
  });
}
