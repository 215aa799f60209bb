import { setTimeout } from 'node:timers/promises';
import { fleet, untilAll } from './fleet.ts';
import type { ClosedLoopOrder, LoadResult } from './orders.ts';
import { Tally } from './tally.ts';

const lastAnswersMs = 10_000;

/** The last answers count as well: the server's CPU of all that was asked stands beside all that was answered. */
export async function closedLoop(order: ClosedLoopOrder): Promise<LoadResult> {
  const chargePoints = await fleet(order, order.scenario);
  const tally = new Tally();
  let isOver = false;
  for (const chargePoint of chargePoints) {
    let sentAt = performance.now();
    chargePoint.onClose = () => tally.closed++;
    chargePoint.onAnswer = (isRight) => {
      const now = performance.now();
      tally.answered(isRight, now - sentAt);
      sentAt = now;
      if (!isOver) chargePoint.call();
    };
    chargePoint.call();
  }
  await setTimeout(order.forMs);
  isOver = true;
  await untilAll(chargePoints, ({ isWaiting }) => !isWaiting, lastAnswersMs);
  return tally.result(chargePoints.filter(({ isWaiting }) => isWaiting).length);
}
