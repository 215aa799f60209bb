import { type OcppVersion, ocppVersions } from '@ocpp-csms/ocpp';
import type { Visit } from './simulation.ts';

export interface FleetOptions {
  count: number;
  /** Of a single charge point; several are numbered. */
  id: string;
  /** Without any: numbered ids, `<id>-1`. With some: `<site>-01` on each in turn. */
  sites: readonly string[];
  version: OcppVersion | 'mix';
}

export interface FleetMember {
  id: string;
  site: string;
  version: OcppVersion;
}

/** Who is in the fleet: ids, sites, versions. */
export function fleetOf({ count, id, sites, version }: FleetOptions): FleetMember[] {
  return Array.from({ length: count }, (_, index) => {
    const site = sites[index % sites.length] ?? '';
    const number = Math.floor(index / Math.max(1, sites.length)) + 1;
    return {
      id: site === '' ? (count === 1 ? id : `${id}-${number}`) : `${site}-${String(number).padStart(2, '0')}`,
      site,
      version: version === 'mix' ? (ocppVersions[index % ocppVersions.length] ?? 'ocpp1.6') : version,
    };
  });
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Batteries in kWh and what the cars take at most, in W. */
const models = [
  { capacityKwh: 12, maxPowerW: 3600 },
  { capacityKwh: 40, maxPowerW: 7400 },
  { capacityKwh: 58, maxPowerW: 11_000 },
  { capacityKwh: 77, maxPowerW: 11_000 },
  { capacityKwh: 90, maxPowerW: 22_000 },
];

/** One of those that are on the road. */
export function carModel(random: () => number): Pick<Visit, 'capacityKwh' | 'maxPowerW'> {
  return oneOf(random, models, { capacityKwh: 58, maxPowerW: 11_000 });
}

export function oneOf<Item>(random: () => number, items: readonly Item[], otherwise: Item): Item {
  return items[Math.floor(random() * items.length)] ?? otherwise;
}

const minute = 60;

/** The cars of one charge point: they come soon, stay for some minutes, and each has its own token. */
export function livelyVisits(random: () => number, tokens: readonly string[]): () => Visit {
  const between = (low: number, high: number) => low + random() * (high - low);
  return () => ({
    afterSeconds: between(2, 40),
    staySeconds: between(2 * minute, 15 * minute),
    soc: Math.round(between(8, 75)),
    token: oneOf(random, tokens, 'TAG001'),
    ...carModel(random),
  });
}
