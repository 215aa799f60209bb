import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { outcomeOf, seconds } from '../scene.ts';
import { underLoad, withCluster } from './cluster.ts';

export const brokerOutage: Fault = {
  name: 'broker restart and outage',
  does: 'The NATS server is killed and started at once, then killed and left away, while charge points charge.',
  holdsWhen:
    'charge points are answered again by themselves when it is back; nothing answered is lost, transactions once, same id and Wh',
  shapes: ['nodes'],
  wantsItsOwn: true,
  run: ({ isLong }) =>
    withCluster(async ({ daemons, nats }) => {
      const awayMs = isLong ? 30_000 : 6000;
      let backMs = 0;
      const comparison = await underLoad(daemons, async (fleet) => {
        await nats.stop('SIGKILL');
        await nats.start();
        await sleep(1000);
        await nats.stop('SIGKILL');
        await sleep(awayMs);
        await nats.start();
        const since = performance.now();
        const before = fleet.map(({ deliveries }) => deliveries);
        while (fleet.some(({ deliveries }, index) => deliveries <= (before[index] ?? 0) + 1)) {
          if (performance.now() - since > 60_000) break;
          await sleep(50);
        }
        backMs = performance.now() - since;
      });
      return outcomeOf(comparison, [
        `${seconds(awayMs)} away, everybody answered again ${seconds(backMs)} after it was back`,
      ]);
    }),
};
