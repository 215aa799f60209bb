import { expect, test } from 'vitest';
import type { Simulation } from '../simulation.ts';
import { beginOf, type Player, play } from './play.ts';
import type { Scenario, ScenarioFault } from './schema.ts';

/** Notes what was done to it. */
function player(id: string, site: string, done: string[]): Player {
  const note = (what: string) => {
    done.push(`${id} ${what}`);
  };
  const simulation: Simulation = {
    id,
    state: { isConnected: true, isAccepted: true, connectors: [], messages: 0, errors: 0, queued: 0 },
    start: () => undefined,
    stop: async () => undefined,
    finished: Promise.resolve(0),
    setPower: (on) => note(`power ${on}`),
    setNetwork: (up) => note(`network ${up}`),
    setClock: (to) => note(`clock ${to.toISOString()}`),
    setQuirk: (quirk, on) => note(`${quirk} ${on}`),
    plugIn: ({ token }) => {
      note(`car ${token}`);
      return true;
    },
  };
  const visit = { afterSeconds: 0, staySeconds: 1, soc: 1, capacityKwh: 1, maxPowerW: 1, token: 'T' };
  return { site, simulation, arrivals: id === 'a1' ? [{ at: 3600, visit }] : [] };
}

async function played(faults: ScenarioFault[], signal = new AbortController().signal) {
  const done: string[] = [];
  const scenario: Scenario = { name: 'x', duration: '1d', sites: [], faults };
  const players = [player('a1', 'a', done), player('b1', 'b', done)];
  await play({ scenario, players, speed: 500_000, random: () => 0.5, say: () => undefined, signal });
  return done;
}

test('cars and faults come, and what a fault did is undone, also at the end', async () => {
  const faults: ScenarioFault[] = [
    { at: '06:00', fault: 'power-cut', site: 'b', for: '2h' },
    { at: '12:00', fault: 'clock-reset', 'charge-point': 'a1' },
    { at: '15:00', fault: 'quirk', quirk: 'no-pong', for: '1h' },
    { at: '20:00', fault: 'network-loss', 'charge-point': 'b1' },
  ];
  const done = await played(faults);
  const expected = [
    'a1 car T',
    'b1 power false',
    'b1 power true',
    'a1 clock 1970-01-01T00:00:00.000Z',
    'a1 no-pong true',
    'b1 no-pong true',
    'a1 no-pong false',
    'b1 no-pong false',
    'b1 network false',
    'b1 network true',
  ];
  expect(done.toSorted()).toEqual(expected.toSorted());
  // A day lasts a moment here: only what follows from something else has an order that is certain.
  const isBefore = (first: string, second: string) => done.indexOf(first) < done.indexOf(second);
  expect(isBefore('b1 power false', 'b1 power true')).toBe(true);
  expect(isBefore('a1 no-pong true', 'a1 no-pong false')).toBe(true);
  expect(isBefore('b1 network false', 'b1 network true')).toBe(true);
});

test('a flapping network comes and goes, and is there at the end', async () => {
  const done = await played([{ at: '01:00', fault: 'network-flapping', 'charge-point': 'b1', up: '2h', down: '2h' }]);
  const network = done.filter((what) => what.startsWith('b1'));
  expect(network.length).toBeGreaterThanOrEqual(4);
  expect(network.at(0)).toBe('b1 network false');
  expect(network.at(-1)).toBe('b1 network true');
});

test('one that is stopped does nothing more', async () => {
  expect(await played([{ at: '06:00', fault: 'power-cut' }], AbortSignal.abort())).toEqual([]);
});

test('a fast day is one that has been, from midnight; a real one begins now', () => {
  const now = new Date('2026-03-05T15:00:00Z');
  const day: Scenario = { name: 'x', duration: '1d', sites: [] };
  expect(beginOf(day, 1440, now).toISOString()).toBe('2026-03-04T00:00:00.000Z');
  expect(beginOf({ ...day, duration: '2d' }, 1440, now).toISOString()).toBe('2026-03-03T00:00:00.000Z');
  expect(beginOf(day, 1, now)).toBe(now);
});
