import { setTimeout as sleep } from 'node:timers/promises';
import { shapes } from '../src/shapes.ts';
import type { Fault } from './fault.ts';
import { allAnsweredAgain, compare, ledgerFigures, seconds, startFleet } from './scene.ts';
import { withVictim } from './victim.ts';

const backWithinMs = 20_000;

export const stoppedProcess: Fault = {
  name: 'SIGSTOP',
  does: 'Every process is frozen for 5 s and for 60 s (the short form: 2 s), as by a hypervisor that moves it, and goes on.',
  holdsWhen: `every charge point is answered again within ${backWithinMs / 1000} s; log and ledger as for kill -9`,
  shapes: shapes,
  wantsItsOwn: true,
  run: (run) =>
    withVictim(run, {}, async ({ csms, processes }) => {
      const { isLong, say } = run;
      const fleet = await startFleet(csms, 4);
      const figures: string[] = [];
      for (const stopMs of isLong ? [5000, 60_000] : [2000]) {
        await allAnsweredAgain(fleet, 10_000);
        say(`frozen for ${stopMs / 1000} s`);
        for (const each of processes) each.kill('SIGSTOP');
        await sleep(stopMs);
        for (const each of processes) each.kill('SIGCONT');
        const wokenAt = performance.now();
        await allAnsweredAgain(fleet, backWithinMs);
        figures.push(`${stopMs / 1000} s frozen: all back after ${seconds(performance.now() - wokenAt)}`);
      }
      await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
      const comparison = await compare(run, csms, fleet);
      return { problems: comparison.problems, figures: [...figures, ...ledgerFigures(comparison)] };
    }),
};
