import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { outcomeOf } from '../scene.ts';
import { disconnections, underLoad, withCluster } from './cluster.ts';

export const redisEmpty: Fault = {
  name: 'Redis comes back empty',
  does: 'The Redis server is killed and comes back after some seconds without anything that it held.',
  holdsWhen: 'no charge point loses its connection, nothing answered is lost, transactions once, same id and Wh',
  shapes: ['nodes'],
  wantsItsOwn: true,
  run: ({ isLong }) =>
    withCluster(async ({ daemons, redis }) => {
      const problems: string[] = [];
      const times = isLong ? 5 : 1;
      const comparison = await underLoad(daemons, async () => {
        const before = disconnections(daemons);
        for (let time = 0; time < times; time++) {
          await redis.stop('SIGKILL');
          await sleep(3000);
          await redis.start({ empty: true });
          await sleep(6000);
        }
        const lost = disconnections(daemons) - before;
        if (lost > 0) problems.push(`${lost} connections were lost`);
      });
      return outcomeOf(comparison, [`${times} times, 3 s away each`], problems);
    }),
};
