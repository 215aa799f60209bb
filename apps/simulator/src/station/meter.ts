import type { Moment, SampleContext } from './dialect.ts';
import type { Settings } from './settings.ts';

const volts = 230;

/** One reading, in the words that 1.6 and 2.x share. */
export interface Reading {
  measurand: string;
  value: number;
  unit: 'Wh' | 'W' | 'A' | 'V' | 'Percent';
  phase?: string;
  location?: 'EV';
}

/** Those that are wanted then: 1.6 §9.1, 2.x J01 and J02. */
export function measurandsOf(context: SampleContext, settings: Settings): string {
  return settings.text(context === 'Sample.Clock' ? 'aligned' : 'sampled');
}

/** What the meter shows of these measurands, separated by commas. */
export function readings({ meterWh, powerW, offeredW, phases, soc }: Moment, measurands: string): Reading[] {
  const lines = Array.from({ length: phases }, (_, index) => `L${index + 1}`);
  const amperes = rounded(powerW / (volts * phases));
  const all: Record<string, Reading[]> = {
    'Energy.Active.Import.Register': [
      { measurand: 'Energy.Active.Import.Register', value: Math.round(meterWh), unit: 'Wh' },
    ],
    'Power.Active.Import': [{ measurand: 'Power.Active.Import', value: Math.round(powerW), unit: 'W' }],
    'Current.Import': lines.map((phase) => ({ measurand: 'Current.Import', value: amperes, unit: 'A', phase })),
    Voltage: lines.map((phase) => ({ measurand: 'Voltage', value: volts, unit: 'V', phase: `${phase}-N` })),
    'Current.Offered': [{ measurand: 'Current.Offered', value: rounded(offeredW / (volts * phases)), unit: 'A' }],
    'Power.Offered': [{ measurand: 'Power.Offered', value: Math.round(offeredW), unit: 'W' }],
    SoC: soc === undefined ? [] : [{ measurand: 'SoC', value: Math.round(soc), unit: 'Percent', location: 'EV' }],
  };
  return measurands.split(',').flatMap((measurand) => all[measurand.trim()] ?? []);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
