import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { compare, ledgerFigures, startFleet } from './scene.ts';
import { withVictim } from './victim.ts';

export const kill9: Fault = {
  name: 'kill -9',
  does: 'The process is killed at random moments while charge points charge without a pause, and started again.',
  holdsWhen:
    'every answered CALL is in the log once, every acknowledged transaction in the ledger once, same id and Wh',
  shapes: ['one'],
  wantsItsOwn: true,
  run: (run) =>
    withVictim(run, {}, async (victim) => {
      const { isLong, say } = run;
      const kills = isLong ? 200 : 8;
      const fleet = await startFleet(victim.csms, 4);
      for (let kill = 1; kill <= kills; kill++) {
        await sleep(randomInt(50, 600));
        await victim.crash();
        if (kill % 20 === 0) say(`${kill} of ${kills} kills`);
      }
      await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
      const comparison = await compare(run, victim.csms, fleet);
      return { problems: comparison.problems, figures: [`${kills} kills`, ...ledgerFigures(comparison)] };
    }),
};
