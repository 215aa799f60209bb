import type { SimulationOptions } from '../simulation.ts';

/** What happened at the charge points of a scenario. */
export interface Tally {
  /** Counts, and passes on. */
  counted(say: SimulationOptions['say']): SimulationOptions['say'];
  readonly charges: number;
  readonly energyWh: number;
  readonly faults: number;
  readonly turnedAway: number;
  readonly refusedTokens: number;
  readonly disconnections: number;
  readonly givenUp: number;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  let energyWh = 0;
  const count = (event: string) => counts.get(event) ?? 0;
  return {
    counted: (say) => (event, sentence, details) => {
      counts.set(event, count(event) + 1);
      if (event === 'stopped') energyWh += Number(details?.energyWh);
      say(event, sentence, details);
    },
    get charges() {
      return count('stopped');
    },
    get energyWh() {
      return energyWh;
    },
    get faults() {
      return count('fault');
    },
    get turnedAway() {
      return count('turned-away');
    },
    get refusedTokens() {
      return count('token-refused');
    },
    get disconnections() {
      return count('disconnected') + count('power-off');
    },
    get givenUp() {
      return count('discarded');
    },
  };
}

/** For the end of a scenario, in one line. */
export function tallyText(name: string, tally: Tally, queued: number): string {
  const { charges, energyWh, faults, turnedAway, refusedTokens, disconnections, givenUp } = tally;
  const parts = [
    `${charges} charges told, ${(energyWh / 1000).toFixed(1)} kWh`,
    `${faults} faults`,
    `${disconnections} connections lost`,
    `${refusedTokens} tokens refused`,
    `${turnedAway} cars turned away`,
    `${givenUp} messages given up`,
    `${queued} still queued`,
  ];
  return `${name}: ${parts.join(', ')}.`;
}
