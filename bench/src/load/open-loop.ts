import { setTimeout } from 'node:timers/promises';
import type { ChargePoint } from './charge-point.ts';
import { fleet, untilAll } from './fleet.ts';
import type { LoadResult, OpenLoopOrder } from './orders.ts';
import { Tally } from './tally.ts';

/** For the last answers, before they count as missing. */
const lastAnswersMs = 2000;

/** Sends what is due as soon as the charge point has nothing in flight. */
class Schedule {
  private readonly chargePoint: ChargePoint;
  /** When the CALLs were due that are in flight (the first) or wait. */
  private readonly due: number[] = [];

  constructor(chargePoint: ChargePoint, tally: Tally) {
    this.chargePoint = chargePoint;
    chargePoint.onClose = () => tally.closed++;
    chargePoint.onAnswer = (isRight) => {
      tally.answered(isRight, performance.now() - (this.due.shift() ?? Number.NaN));
      if (this.due.length > 0) chargePoint.call();
    };
  }

  get waiting(): number {
    return this.due.length;
  }

  add(dueAt: number): void {
    this.due.push(dueAt);
    if (!this.chargePoint.isWaiting) this.chargePoint.call();
  }
}

export async function openLoop(order: OpenLoopOrder): Promise<LoadResult> {
  const chargePoints = await fleet(order, order.scenario);
  const tally = new Tally();
  const schedules = chargePoints.map((chargePoint) => new Schedule(chargePoint, tally));
  await sendAtRate(schedules, order.perSecond, order.forMs);
  await untilAll(chargePoints, ({ isWaiting }) => !isWaiting, lastAnswersMs);
  return tally.result(schedules.reduce((sum, { waiting }) => sum + waiting, 0));
}

async function sendAtRate(schedules: readonly Schedule[], perSecond: number, forMs: number): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round((perSecond * forMs) / 1000);
  for (let sent = 0; sent < total; ) {
    const dueNow = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1000));
    for (; sent < dueNow; sent++) schedules[sent % schedules.length]?.add(startedAt + (sent * 1000) / perSecond);
    await setTimeout(1);
  }
}
