import { setTimeout } from 'node:timers/promises';
import { connectMany } from './charge-point.ts';
import type { ClosedLoopOrder, LoadResult } from './orders.ts';
import { createScript } from './scenarios.ts';
import { Tally } from './tally.ts';

export async function closedLoop({ port, connections, scenario, forMs }: ClosedLoopOrder): Promise<LoadResult> {
  const chargePoints = await connectMany({ port, from: 0, to: connections }, () => createScript(scenario));
  const tally = new Tally();
  for (const chargePoint of chargePoints) {
    let sentAt = performance.now();
    chargePoint.onClose = () => tally.closed++;
    chargePoint.onAnswer = (isRight) => {
      const now = performance.now();
      tally.answered(isRight, now - sentAt);
      sentAt = now;
      chargePoint.call();
    };
    chargePoint.call();
  }
  await setTimeout(forMs);
  const result = tally.result();
  for (const chargePoint of chargePoints) chargePoint.destroy();
  return result;
}
