import type { Quirk } from '../quirks.ts';
import type { Simulation } from '../simulation.ts';
import { secondsOf } from './times.ts';

/** What a fault is told in the file, besides when and where. */
export interface FaultParameters {
  quirk?: Quirk;
  to?: string;
  up?: string;
  down?: string;
}

export interface FaultContext {
  /** Resolves when the fault is over. */
  readonly over: Promise<void>;
  /** Simulated seconds; false: the fault was over before. */
  pause(seconds: number): Promise<boolean>;
  /** From 0 to 1. */
  random(): number;
}

interface Fault {
  words: string;
  /** Names of FaultParameters. */
  allows?: readonly (keyof FaultParameters)[];
  needs?: readonly (keyof FaultParameters)[];
  /** It is over as soon as it has happened: `for` says nothing. */
  isMoment?: true;
  happen(simulation: Simulation, parameters: FaultParameters, context: FaultContext): Promise<void>;
}

/** Switches a quirk on for as long as the fault lasts. */
const quirkFault =
  (quirk: Quirk) =>
  async (simulation: Simulation, _parameters: FaultParameters, { over }: FaultContext) => {
    simulation.setQuirk(quirk, true);
    await over;
    simulation.setQuirk(quirk, false);
  };

const catalogue = {
  'power-cut': {
    words: 'the power goes without a word, and comes back: charges that were under way end with PowerLoss',
    async happen(simulation, _parameters, { over }) {
      simulation.setPower(false);
      await over;
      simulation.setPower(true);
    },
  },
  'network-loss': {
    words: 'the connection is lost; charging goes on, and is told later',
    async happen(simulation, _parameters, { over }) {
      simulation.setNetwork(false);
      await over;
      simulation.setNetwork(true);
    },
  },
  'network-flapping': {
    words: 'the connection comes and goes at random: about `up` (5m) there and `down` (1m) away',
    allows: ['up', 'down'],
    async happen(simulation, { up = '5m', down = '1m' }, { pause, random }) {
      const about = (duration: string) => -Math.log(1 - random()) * secondsOf(duration);
      while (await pause(about(up))) {
        simulation.setNetwork(false);
        await pause(about(down));
        simulation.setNetwork(true);
      }
    },
  },
  'clock-reset': {
    words: 'the clock starts again in 1970, or at the time `to`, until the CSMS says what time it is',
    allows: ['to'],
    isMoment: true,
    async happen(simulation, { to = '1970-01-01T00:00:00Z' }) {
      simulation.setClock(new Date(to));
    },
  },
  slow: { words: 'each answer takes 20 real seconds: the patience of the CSMS is real', happen: quirkFault('slow') },
  deaf: { words: 'no CALL of the CSMS is answered', happen: quirkFault('deaf') },
  hang: { words: 'it reads nothing any more, and the connection stays open', happen: quirkFault('reads-nothing') },
  quirk: {
    words: 'it behaves as the `quirk` says',
    needs: ['quirk'],
    async happen(simulation, { quirk }, context) {
      if (quirk !== undefined) await quirkFault(quirk)(simulation, {}, context);
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof catalogue;

/** What can go wrong in a scenario. */
export const faults: Readonly<Record<FaultName, Fault>> = catalogue;
