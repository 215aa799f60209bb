import type { Simulation, SimulationOptions } from '../simulation.ts';
import { createClock, type SimulatedClock } from '../station/clock.ts';
import type { Arrival } from './cast.ts';
import { faults } from './faults.ts';
import type { Scenario, ScenarioFault } from './schema.ts';
import { clockText, daySeconds, momentOf, secondsOf } from './times.ts';

export interface Player {
  site: string;
  simulation: Simulation;
  arrivals: readonly Arrival[];
}

export interface PlayOptions {
  scenario: Scenario;
  players: readonly Player[];
  speed: number;
  random(): number;
  /** Of the scenario as a whole. */
  say: SimulationOptions['say'];
  /** Ends it early. */
  signal: AbortSignal;
}

/** Real ms in which, at the end, what is still queued may be delivered. */
const lastMs = 20_000;
const lookMs = 50;

/**
 * The simulated time at which it begins. Faster than ours it is a day that has been: a midnight in UTC, so that the
 * times of the file are those that the CSMS shows, and nothing is said from the future.
 */
export function beginOf({ duration }: Scenario, speed: number, now: Date): Date {
  if (speed === 1) return now;
  const lengthMs = secondsOf(duration) * 1000;
  const dayMs = daySeconds * 1000;
  return new Date(Math.floor((now.getTime() - lengthMs + lengthMs / speed) / dayMs) * dayMs);
}

/** Cars come and faults happen at their times. Resolves when all is over, and what was queued is delivered. */
export async function play({ scenario, players, speed, random, say, signal }: PlayOptions): Promise<void> {
  const clock = createClock(speed);
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal]);
  const cars = players.flatMap(({ simulation, arrivals }) =>
    arrivals.map(async ({ at, visit }) => {
      if ((await sleepUntil(clock, at, stop)) && !simulation.plugIn(visit))
        say('turned-away', `${clockText(at)} no car could be plugged in at ${simulation.id}`);
    }),
  );
  const bad = (scenario.faults ?? []).map((entry) => happen(entry, { players, clock, random, say, stop }));
  say('scenario', `${scenario.name}: ${scenario.duration} in ${Math.round(secondsOf(scenario.duration) / speed)} s`);
  await sleepUntil(clock, secondsOf(scenario.duration), signal);
  ending.abort();
  await Promise.all([...cars, ...bad]);
  if (!signal.aborted) await delivered(players, signal);
}

interface Stage extends Pick<PlayOptions, 'players' | 'random' | 'say'> {
  clock: SimulatedClock;
  stop: AbortSignal;
}

async function happen(entry: ScenarioFault, { players, clock, random, say, stop }: Stage): Promise<void> {
  const { fault: name, site, 'charge-point': id, quirk } = entry;
  const at = momentOf(entry.at);
  if (!(await sleepUntil(clock, at, stop))) return;
  const where = id ?? site ?? 'all sites';
  say('fault', `${clockText(at)} ${quirk ?? name} at ${where}${entry.for === undefined ? '' : ` for ${entry.for}`}`, {
    fault: name,
    where,
  });
  const hit = players.filter(
    (player) => player.simulation.id === (id ?? player.simulation.id) && player.site === (site ?? player.site),
  );
  const end = at + (entry.for === undefined ? Number.POSITIVE_INFINITY : secondsOf(entry.for));
  const over = sleepUntil(clock, end, stop).then(() => undefined);
  const pause = async (seconds: number) => {
    const until = Math.min(end, clock.elapsedMs() / 1000 + seconds);
    return (await sleepUntil(clock, until, stop)) && until < end;
  };
  await Promise.all(hit.map(({ simulation }) => faults[name].happen(simulation, entry, { over, pause, random })));
}

/** False: it was stopped before. */
async function sleepUntil(clock: SimulatedClock, at: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(at - clock.elapsedMs() / 1000, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Seen with nothing more to say once: some firmware comes and goes for ever. */
async function delivered(players: readonly Player[], signal: AbortSignal): Promise<void> {
  const clock = createClock(1);
  const waiting = new Set(players);
  while (waiting.size > 0 && clock.elapsedMs() < lastMs) {
    for (const player of waiting) {
      const { isAccepted, queued } = player.simulation.state;
      if (isAccepted && queued === 0) waiting.delete(player);
    }
    if (!(await sleepUntil(clock, (clock.elapsedMs() + lookMs) / 1000, signal))) return;
  }
}
