import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemons, daemonServices } from '../../src/daemons.ts';
import type { Comparison } from '../../src/ledger.ts';
import type { Fault, Outcome } from '../fault.ts';
import { ledgerFigures } from '../scene.ts';
import { underLoad, withCluster, withPeers } from './cluster.ts';

const does =
  'Each service of each node is killed in turn while charge points charge without a pause, and started again.';
const holdsWhen =
  'every answered CALL is in the log once, every acknowledged transaction in the ledger once, same id and Wh';

export const killNodes: Fault = {
  name: 'kill -9 of each service, two of each over NATS',
  does,
  holdsWhen,
  run: ({ isLong, say }) => withCluster(({ daemons }) => killEach(daemons, isLong ? 10 : 1, say)),
};

export const killPeers: Fault = {
  name: 'kill -9 of each service, four daemons over ZeroMQ',
  does,
  holdsWhen,
  run: ({ isLong, say }) => withPeers((daemons) => killEach(daemons, isLong ? 10 : 1, say)),
};

async function killEach(daemons: Daemons, rounds: number, say: (words: string) => void): Promise<Outcome> {
  let kills = 0;
  const comparison = await underLoad(daemons, async () => {
    for (let round = 1; round <= rounds; round++) {
      for (const service of daemonServices) {
        for (const node of daemons.nodes) {
          await sleep(randomInt(50, 600));
          await daemons.daemon(service, node).kill();
          await daemons.startAgain(service, node);
          kills++;
        }
      }
      say(`round ${round} of ${rounds}`);
    }
  });
  return outcomeOf(comparison, [`${kills} kills`]);
}

export function outcomeOf(
  comparison: Comparison,
  figures: readonly string[],
  problems: readonly string[] = [],
): Outcome {
  return { problems: [...problems, ...comparison.problems], figures: [...figures, ...ledgerFigures(comparison)] };
}
