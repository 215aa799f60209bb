import { hostileFrames, loginFlood, slowloris } from './attacks.ts';
import { deaf, noisyNeighbour, slowReaders } from './bad-neighbours.ts';
import { deviations } from './deviations.ts';
import { diskFull } from './disk-full.ts';
import type { Fault } from './fault.ts';
import { halfOpen } from './half-open.ts';
import { kill9 } from './kill-9.ts';
import { faultsOfNodes } from './nodes/all.ts';
import { poison } from './poison.ts';
import { powerCut } from './power-cut.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { backlog, duplicates } from './replays.ts';
import { stoppedProcess } from './stopped-process.ts';
import { storedButNotAnswered } from './stored-but-not-answered.ts';
import { takeovers } from './takeovers.ts';

/** Those that do not ask for nodes and servers. */
export const faultsOfAll: readonly Fault[] = [
  kill9,
  storedButNotAnswered,
  powerCut,
  diskFull,
  stoppedProcess,
  reconnectStorm,
  halfOpen,
  takeovers,
  duplicates,
  backlog,
  deviations,
  poison,
  hostileFrames,
  slowloris,
  loginFlood,
  slowReaders,
  noisyNeighbour,
  deaf,
];

export const faults: readonly Fault[] = [...faultsOfAll, ...faultsOfNodes];
