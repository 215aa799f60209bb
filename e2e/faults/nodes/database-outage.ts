import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { outcomeOf, seconds } from '../scene.ts';
import { underLoad, withCluster } from './cluster.ts';

export const databaseOutage: Fault = {
  name: 'PostgreSQL restart and outage',
  does: 'The PostgreSQL server is stopped at once and started, then stopped and left away, while transactions begin and end.',
  holdsWhen:
    'charge points are answered again by themselves when it is back; nothing answered is lost, transactions once, same id and Wh',
  shapes: ['nodes'],
  wantsItsOwn: true,
  run: ({ isLong }) =>
    withCluster(async ({ daemons, postgres }) => {
      const awayMs = isLong ? 600_000 : 8000;
      const comparison = await underLoad(daemons, async () => {
        await postgres.stop('immediate');
        await postgres.start();
        await sleep(2000);
        await postgres.stop('immediate');
        await sleep(awayMs);
        await postgres.start();
      });
      return outcomeOf(comparison, [`${seconds(awayMs)} away`]);
    }),
};
