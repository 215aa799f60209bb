import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { compare, count, ledgerFigures, startFleet } from './scene.ts';
import { withVictim } from './victim.ts';

export const storedButNotAnswered: Fault = {
  name: 'stop between commit and answer',
  does: 'The process is killed at the moment at which it writes to the message log, so that CALLs are stored and never answered; the charge points say them again.',
  holdsWhen: 'as for kill -9, and the long form hit the gap at least once',
  shapes: ['one', 'zeromq'],
  wantsItsOwn: true,
  run: (run) =>
    withVictim(run, {}, async (victim) => {
      const { isLong, say } = run;
      const kills = isLong ? 60 : 3;
      const fleet = await startFleet(victim.csms, 8);
      for (let kill = 1; kill <= kills; kill++) {
        await sleep(randomInt(200, 500));
        await nextWrite(join(victim.dataDir, 'message-manager.sqlite-wal'));
        await victim.crash();
        if (kill % 20 === 0) say(`${kill} of ${kills} kills`);
      }
      await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
      const comparison = await compare(run, victim.csms, fleet);
      const { problems, storedUnanswered } = comparison;
      if (isLong && storedUnanswered === 0) problems.push('no kill hit the gap: nothing was proven');
      return {
        problems,
        figures: [`${kills} kills`, `${count(storedUnanswered)} CALLs in the gap`, ...ledgerFigures(comparison)],
      };
    }),
};

async function nextWrite(file: string): Promise<void> {
  const watcher = watch(file);
  try {
    await once(watcher, 'change', { signal: AbortSignal.timeout(10_000) });
  } finally {
    watcher.close();
  }
}
