import { daemonServices } from '../../src/daemons.ts';
import type { Fault } from '../fault.ts';
import { outcomeOf } from '../scene.ts';
import { underLoad, withCluster } from './cluster.ts';

export const rollingRestart: Fault = {
  name: 'rolling restart',
  does: 'One process after the other gets SIGTERM and is started again, as for an upgrade, while charge points charge.',
  holdsWhen: 'each exits with 0, nothing answered is lost, every transaction is in the ledger once, same id and Wh',
  shapes: ['nodes'],
  wantsItsOwn: true,
  run: ({ isLong, say }) =>
    withCluster(async ({ daemons }) => {
      const problems: string[] = [];
      const rounds = isLong ? 5 : 1;
      let restarts = 0;
      const comparison = await underLoad(daemons, async () => {
        for (let round = 1; round <= rounds; round++) {
          for (const service of daemonServices) {
            for (const node of daemons.nodes) {
              const code = await daemons.daemon(service, node).terminate();
              if (code !== 0) problems.push(`${service} on ${node} exited with ${code}`);
              await daemons.startAgain(service, node);
              restarts++;
            }
          }
          say(`round ${round} of ${rounds}`);
        }
      });
      return outcomeOf(comparison, [`${restarts} restarts`], problems);
    }),
};
