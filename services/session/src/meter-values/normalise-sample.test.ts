import { describe, expect, test } from 'vitest';
import { normaliseSample } from './normalise-sample.ts';

describe('sampled values', () => {
  test.each([
    [{ value: '1234' }, { measurand: 'Energy.Active.Import.Register', value: 1234, unit: 'Wh' }],
    [
      { value: '12.345', unit: 'kWh' },
      { measurand: 'Energy.Active.Import.Register', value: 12_345, unit: 'Wh' },
    ],
    [
      { value: 1.5, unitOfMeasure: { unit: 'Wh', multiplier: 3 } },
      { measurand: 'Energy.Active.Import.Register', value: 1500, unit: 'Wh' },
    ],
    [
      { value: '7.4', unit: 'kW', measurand: 'Power.Active.Import' },
      { measurand: 'Power.Active.Import', value: 7400, unit: 'W' },
    ],
    [
      { value: '16', measurand: 'Current.Import', phase: 'L1' },
      { measurand: 'Current.Import', value: 16, unit: 'A', phase: 'L1' },
    ],
    [
      { value: '80', unit: 'Percent', measurand: 'SoC', location: 'EV' },
      { measurand: 'SoC', value: 80, unit: '%', location: 'EV' },
    ],
    [
      { value: '212', unit: 'Fahrenheit', measurand: 'Temperature' },
      { measurand: 'Temperature', value: 100, unit: 'Celsius' },
    ],
    [
      { value: '273.15', unit: 'K', measurand: 'Temperature' },
      { measurand: 'Temperature', value: 0, unit: 'Celsius' },
    ],
    [
      { value: '20', unit: 'Celcius', measurand: 'Temperature' },
      { measurand: 'Temperature', value: 20, unit: 'Celsius' },
    ],
    [
      { value: '-3.5', measurand: 'Power.Active.Export', unit: 'W' },
      { measurand: 'Power.Active.Export', value: -3.5, unit: 'W' },
    ],
    [
      { value: '0.98', measurand: 'Power.Factor' },
      { measurand: 'Power.Factor', value: 0.98, unit: '' },
    ],
  ])('%j', (sampled, sample) => {
    expect(normaliseSample(sampled)).toEqual(sample);
  });

  test.each(['12,5', '', ' ', 'NaN', 'Infinity', '1e999', '0x10', '1 000', '--', '12.5 kWh'])(
    'row 45: %j is no number and is kept as it is',
    (value) => {
      expect(normaliseSample({ value })).toEqual({
        measurand: 'Energy.Active.Import.Register',
        value: null,
        unit: 'Wh',
        raw: value,
      });
    },
  );

  test('row 45: a power in Wh is a power, and says how it was sent', () => {
    expect(normaliseSample({ value: '7000', unit: 'Wh', measurand: 'Power.Active.Import' })).toEqual({
      measurand: 'Power.Active.Import',
      value: 7000,
      unit: 'W',
      unitAsSent: 'Wh',
    });
  });

  test('row 22: an unknown measurand and unit are kept as text', () => {
    expect(normaliseSample({ value: '50', unit: 'Foo', measurand: 'Request.Energy' })).toEqual({
      measurand: 'Request.Energy',
      value: 50,
      unit: 'Foo',
    });
  });

  test('signed values are kept raw', () => {
    expect(normaliseSample({ value: 'OCMF|{}|{}', format: 'SignedData' })).toMatchObject({
      value: null,
      raw: 'OCMF|{}|{}',
    });
    const signed = { signedMeterData: 'x', signingMethod: '', encodingMethod: 'OCMF', publicKey: '' };
    expect(normaliseSample({ value: 5, signedMeterValue: signed })).toMatchObject({ value: 5, signed });
  });
});
