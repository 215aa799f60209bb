import { fleet, untilAll } from './fleet.ts';
import type { IdleOrder, LoadResult } from './orders.ts';
import { Tally } from './tally.ts';

const allAnsweredWithinMs = 60_000;

export async function idle(order: IdleOrder): Promise<LoadResult> {
  const chargePoints = await fleet(order, 'Heartbeat');
  const tally = new Tally();
  for (const chargePoint of chargePoints) {
    const sentAt = performance.now();
    chargePoint.onClose = () => tally.closed++;
    chargePoint.onAnswer = (isRight) => tally.answered(isRight, performance.now() - sentAt);
    chargePoint.call();
  }
  await untilAll(chargePoints, ({ isWaiting }) => !isWaiting, allAnsweredWithinMs);
  return tally.result(chargePoints.filter(({ isWaiting }) => isWaiting).length);
}
