/**
 * The load generator, a process of its own, told over IPC what to do: only the server's CPU is compared, and the
 * generator says how much it took itself.
 */
import { closedLoop } from './closed-loop.ts';
import { idle } from './idle.ts';
import { openLoop } from './open-loop.ts';
import type { LoadOrder, LoadResult, StormResult } from './orders.ts';
import { storm } from './storm.ts';

process.on('disconnect', () => process.exit(0));
process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`load generator: ${String(error)}\n`);
      process.exit(1);
    },
  );
});

function run(order: LoadOrder): Promise<LoadResult | StormResult> {
  switch (order.kind) {
    case 'closed':
      return closedLoop(order);
    case 'open':
      return openLoop(order);
    case 'idle':
      return idle(order);
    case 'storm':
      return storm(order);
  }
}
