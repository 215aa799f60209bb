/** A sampled value in our units: Wh, W, varh, var, VAh, VA, A, V, %, Hz, Celsius. */
export interface Sample {
  measurand: string;
  /** `null`: what the charge point sent is no number; it is in `raw`. */
  value: number | null;
  unit: string;
  /** Left out where they are what the specification takes for granted (1.6 §7.43): no phase, Outlet, Sample.Periodic. */
  phase?: string;
  location?: string;
  context?: string;
  /** As sent, where that was not a number, or is signed data. */
  raw?: string;
  /** The unit as sent, where it does not fit the measurand; the measurand was believed. */
  unitAsSent?: string;
  /** 2.x: the signed reading, as sent. */
  signed?: unknown;
}

/** Both dialects: 1.6 has `value` as text, `unit` and `format`; 2.x has numbers, `unitOfMeasure` and `signedMeterValue`. */
export interface SampledValue {
  value?: string | number;
  measurand?: string;
  unit?: string;
  unitOfMeasure?: { unit?: string; multiplier?: number };
  format?: string;
  phase?: string;
  location?: string;
  context?: string;
  signedMeterValue?: unknown;
}

export const importRegister = 'Energy.Active.Import.Register';

interface Conversion {
  unit: string;
  factor: number;
  offset?: number;
}

const conversions: ReadonlyMap<string, Conversion> = new Map<string, Conversion>([
  ['Wh', { unit: 'Wh', factor: 1 }],
  ['kWh', { unit: 'Wh', factor: 1000 }],
  ['varh', { unit: 'varh', factor: 1 }],
  ['kvarh', { unit: 'varh', factor: 1000 }],
  ['VAh', { unit: 'VAh', factor: 1 }],
  ['kVAh', { unit: 'VAh', factor: 1000 }],
  ['W', { unit: 'W', factor: 1 }],
  ['kW', { unit: 'W', factor: 1000 }],
  ['var', { unit: 'var', factor: 1 }],
  ['kvar', { unit: 'var', factor: 1000 }],
  ['VA', { unit: 'VA', factor: 1 }],
  ['kVA', { unit: 'VA', factor: 1000 }],
  ['A', { unit: 'A', factor: 1 }],
  ['V', { unit: 'V', factor: 1 }],
  ['Percent', { unit: '%', factor: 1 }],
  ['%', { unit: '%', factor: 1 }],
  ['Hz', { unit: 'Hz', factor: 1 }],
  ['Hertz', { unit: 'Hz', factor: 1 }],
  ['Celsius', { unit: 'Celsius', factor: 1 }],
  // Misspelt in the 1.6 schema.
  ['Celcius', { unit: 'Celsius', factor: 1 }],
  ['Fahrenheit', { unit: 'Celsius', factor: 5 / 9, offset: -160 / 9 }],
  ['K', { unit: 'Celsius', factor: 1, offset: -273.15 }],
]);

/** What nearly every charge point sends, without a search. */
const commonUnits: ReadonlyMap<string, string> = new Map([
  [importRegister, 'Wh'],
  ['Power.Active.Import', 'W'],
  ['Current.Import', 'A'],
  ['Voltage', 'V'],
  ['SoC', '%'],
]);

/** The unit of a measurand, by how its name begins; the first that fits. */
const unitsOfMeasurands: readonly (readonly [string, string])[] = [
  ['Energy.Active', 'Wh'],
  ['Energy.Reactive', 'varh'],
  ['Energy.Apparent', 'VAh'],
  ['EnergyRequest', 'Wh'],
  ['Power.Factor', ''],
  ['Power.Reactive', 'var'],
  ['Power.Offered', 'W'],
  ['Power.', 'W'],
  ['Current.', 'A'],
  ['Voltage', 'V'],
  ['SoC', '%'],
  ['Frequency', 'Hz'],
  ['Temperature', 'Celsius'],
  ['RPM', 'RPM'],
];

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Strict where `Number` and `parseFloat` guess: '' is not 0 and '12,5' is not 12 (field-faults row 45). */
function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const text = value.trim();
  const number = numeric.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

export function normaliseSample(sampled: SampledValue): Sample {
  const measurand = sampled.measurand ?? importRegister;
  const given = sampled.unit ?? sampled.unitOfMeasure?.unit ?? '';
  const expected = unitOf(measurand);
  const conversion = conversions.get(given);
  const number = sampled.format === 'SignedData' ? undefined : readNumber(sampled.value);
  const misfit = given !== '' && expected !== '' && expected !== undefined && expected !== (conversion?.unit ?? given);
  const unit = misfit && conversion !== undefined ? expected : (conversion?.unit ?? (given || (expected ?? '')));
  const value = number === undefined ? null : scaled(number, conversion, sampled.unitOfMeasure?.multiplier);
  const sample: Sample = { measurand, value, unit };
  if (sampled.phase !== undefined) sample.phase = sampled.phase;
  if (sampled.location !== undefined && sampled.location !== 'Outlet') sample.location = sampled.location;
  if (sampled.context !== undefined && sampled.context !== 'Sample.Periodic') sample.context = sampled.context;
  if (number === undefined) sample.raw = String(sampled.value ?? '');
  if (misfit) sample.unitAsSent = given;
  if (sampled.signedMeterValue !== undefined) sample.signed = sampled.signedMeterValue;
  return sample;
}

function scaled(value: number, { factor, offset = 0 }: Conversion = asSent, multiplier = 0): number {
  if (factor === 1 && offset === 0 && multiplier === 0) return value;
  // 12.345 kWh is 12345 Wh, not 12345.000000000002.
  return Math.round((value * factor * 10 ** multiplier + offset) * 1e6) / 1e6;
}

const asSent: Conversion = { unit: '', factor: 1 };

/** `undefined`: the measurand is not known to have one. */
function unitOf(measurand: string): string | undefined {
  return commonUnits.get(measurand) ?? unitsOfMeasurands.find(([prefix]) => measurand.startsWith(prefix))?.[1];
}
