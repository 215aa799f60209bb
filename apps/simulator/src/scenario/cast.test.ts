import { expect, test } from 'vitest';
import { castOf } from './cast.ts';
import type { Scenario } from './schema.ts';

const scenario: Scenario = {
  name: 'x',
  duration: '2d',
  sites: [
    {
      name: 'north',
      'charge-points': [
        {
          count: 2,
          version: 'mix',
          connectors: 2,
          password: 'secret-of-{id}',
          cars: [{ between: '07:00-09:00', stay: '1h' }],
        },
        { version: 'ocpp2.1' },
        { id: 'GATE' },
      ],
    },
  ],
};

test('ids, versions and passwords', () => {
  const cast = castOf(scenario, { speed: 60, seed: 1 });
  expect(cast.map(({ id, version, options }) => [id, version, options.password])).toEqual([
    ['north-01', 'ocpp1.6', 'secret-of-north-01'],
    ['north-02', 'ocpp2.0.1', 'secret-of-north-02'],
    ['north-03', 'ocpp2.1', undefined],
    ['GATE', 'ocpp1.6', undefined],
  ]);
});

test('cars come on each day at each connector in the time that is said, the same ones for the same seed', () => {
  const arrivals = (seed: number) => castOf(scenario, { speed: 60, seed })[0]?.arrivals ?? [];
  expect(arrivals(1)).toEqual(arrivals(1));
  expect(arrivals(1)).not.toEqual(arrivals(2));
  expect(arrivals(1).map(({ at, visit }) => [Math.floor(at / 86_400), visit.connectorId])).toEqual([
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
  ]);
  for (const { at, visit } of arrivals(1)) {
    expect((at % 86_400) / 3600).toBeGreaterThanOrEqual(7);
    expect((at % 86_400) / 3600).toBeLessThan(9);
    expect(Math.abs(visit.staySeconds - 3600)).toBeLessThanOrEqual(720);
  }
});
