import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemons, daemonServices } from '../../src/daemons.ts';
import type { Fault, Outcome } from '../fault.ts';
import { outcomeOf } from '../scene.ts';
import { underLoad, withCluster, withPeers } from './cluster.ts';

export const killEach: Fault = {
  name: 'kill -9 of each service',
  does: 'Each service of each node is killed in turn while charge points charge without a pause, and started again.',
  holdsWhen:
    'every answered CALL is in the log once, every acknowledged transaction in the ledger once, same id and Wh',
  shapes: ['zeromq', 'nodes'],
  wantsItsOwn: true,
  run: ({ shape, isLong, say }) => {
    const rounds = isLong ? 10 : 1;
    return shape === 'nodes'
      ? withCluster(({ daemons }) => killInTurn(daemons, rounds, say))
      : withPeers((daemons) => killInTurn(daemons, rounds, say));
  },
};

async function killInTurn(daemons: Daemons, rounds: number, say: (words: string) => void): Promise<Outcome> {
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
