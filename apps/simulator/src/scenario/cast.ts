import { type OcppVersion, ocppVersions } from '@ocpp-csms/ocpp';
import { carModel, type FleetMember, livelyVisits, oneOf, seeded } from '../fleet.ts';
import type { SimulationOptions, Visit } from '../simulation.ts';
import type { ChargePoints, Scenario } from './schema.ts';
import { daySeconds, secondsOf, windowOf } from './times.ts';

/** A car that comes at a time, in simulated seconds from the start. */
export interface Arrival {
  at: number;
  visit: Visit;
}

/** One charge point of a scenario. */
export interface CastMember extends FleetMember {
  options: Pick<SimulationOptions, 'nextVisit' | 'begin' | 'speed'> & Partial<SimulationOptions>;
  arrivals: readonly Arrival[];
}

/** The drivers' tokens, unless the file names some. */
export const cards = Array.from({ length: 20 }, (_, index) => `CARD-${String(index + 1).padStart(2, '0')}`);

interface Playing {
  speed: number;
  seed: number;
  begin?: Date;
}

/** Who plays in a scenario, and which cars come. The same seed brings the same cars. */
export function castOf(scenario: Scenario, { speed, seed, begin = new Date() }: Playing): CastMember[] {
  let index = 0;
  return scenario.sites.flatMap(({ name: site, 'charge-points': groups }) => {
    let numbered = 0;
    return groups.flatMap((group) => {
      const { id, count = 1, version = 'ocpp1.6' } = group;
      return Array.from({ length: count }, (_, number): CastMember => {
        const own =
          id !== undefined && count === 1
            ? id
            : `${id ?? site}-${twoDigits(id === undefined ? ++numbered : number + 1)}`;
        const random = seeded(seed * 10_007 + index);
        const member = {
          id: own,
          site,
          version: version === 'mix' ? nthVersion(index) : version,
          options: optionsOf(group, own, random, { speed, begin }),
          arrivals: arrivalsOf(group, secondsOf(scenario.duration), random),
        };
        index++;
        return member;
      });
    });
  });
}

const twoDigits = (number: number) => String(number).padStart(2, '0');
const nthVersion = (index: number): OcppVersion => ocppVersions[index % ocppVersions.length] ?? 'ocpp1.6';

function optionsOf(
  { connectors = 1, password, tokens = cards, quirks = [], retries = 'specification', lively, ...more }: ChargePoints,
  id: string,
  random: () => number,
  playing: { speed: number; begin: Date },
): CastMember['options'] {
  return {
    ...playing,
    connectors,
    quirks,
    retries,
    token: tokens[0] ?? '',
    interval: secondsOf(more['meter-values'] ?? '5m'),
    ...(password === undefined ? {} : { password: password.replaceAll('{id}', id) }),
    nextVisit: lively ? livelyVisits(random, tokens) : () => undefined,
  };
}

function arrivalsOf(
  { cars = [], connectors = 1, tokens = cards }: ChargePoints,
  duration: number,
  random: () => number,
): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let day = 0; day < duration; day += daySeconds) {
    for (const { between, stay, chance = 100, temperature = 20 } of cars) {
      const { from, to } = windowOf(between);
      for (let connectorId = 1; connectorId <= connectors; connectorId++) {
        if (random() * 100 >= chance) continue;
        const at = day + from + random() * (to - from);
        const visit = {
          afterSeconds: 0,
          staySeconds: secondsOf(stay) * (0.8 + random() * 0.4),
          connectorId,
          token: oneOf(random, tokens, ''),
          soc: Math.round(10 + random() * 60),
          temperatureC: temperature,
          ...carModel(random),
        };
        if (at < duration) arrivals.push({ at, visit });
      }
    }
  }
  return arrivals;
}
