/** A number with its unit, in the size that reads best. */
export interface Quantity {
  figure: string;
  unit: string;
}

const notKnown: Quantity = { figure: '–', unit: '' };

/** From W. */
export function power(watts: number | null | undefined): Quantity {
  if (watts === null || watts === undefined || !Number.isFinite(watts)) return notKnown;
  if (Math.abs(watts) >= 1_000_000) return { figure: decimals(watts / 1_000_000, 2), unit: 'MW' };
  return { figure: decimals(watts / 1000, 1), unit: 'kW' };
}

/** From Wh. */
export function energy(wattHours: number | null | undefined): Quantity {
  if (wattHours === null || wattHours === undefined || !Number.isFinite(wattHours)) return notKnown;
  if (Math.abs(wattHours) >= 1_000_000) return { figure: decimals(wattHours / 1_000_000, 2), unit: 'MWh' };
  return { figure: decimals(wattHours / 1000, 2), unit: 'kWh' };
}

/** From bytes. */
export function size(bytes: number | null | undefined): Quantity {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return notKnown;
  if (bytes >= 1e9) return { figure: decimals(bytes / 1e9, 2), unit: 'GB' };
  if (bytes >= 1e6) return { figure: decimals(bytes / 1e6, 1), unit: 'MB' };
  return { figure: decimals(bytes / 1e3, 0), unit: 'kB' };
}

export function percent(value: number | null | undefined): Quantity {
  return value === null || value === undefined ? notKnown : { figure: decimals(value, 0), unit: '%' };
}

export function count(value: number | null | undefined): Quantity {
  return value === null || value === undefined ? notKnown : { figure: value.toLocaleString('en'), unit: '' };
}

/** From milliseconds: how long something took. */
export function latency(milliseconds: number): Quantity {
  if (milliseconds < 1000) return { figure: String(Math.round(milliseconds)), unit: 'ms' };
  return { figure: decimals(milliseconds / 1000, milliseconds < 10_000 ? 2 : 1), unit: 's' };
}

export const inWords = ({ figure, unit }: Quantity): string => (unit === '' ? figure : `${figure} ${unit}`);

const decimals = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
