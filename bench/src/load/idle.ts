import { setTimeout } from 'node:timers/promises';
import { type ChargePoint, connectMany } from './charge-point.ts';
import type { IdleOrder, LoadResult } from './orders.ts';
import { createScript } from './scenarios.ts';
import { Tally } from './tally.ts';

const allAnsweredWithinMs = 60_000;

/** The connections of the orders before stay. */
const connected: ChargePoint[] = [];

export async function idle({ port, connections }: IdleOrder): Promise<LoadResult> {
  const added = await connectMany({ port, from: connected.length, to: connections }, () => createScript('Heartbeat'));
  connected.push(...added);
  const tally = new Tally();
  const answered = added.map((chargePoint) => oneHeartbeat(chargePoint, tally));
  await Promise.race([Promise.all(answered), setTimeout(allAnsweredWithinMs, undefined, { ref: false })]);
  return tally.result(added.length - tally.latencies.length);
}

function oneHeartbeat(chargePoint: ChargePoint, tally: Tally): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const sentAt = performance.now();
  chargePoint.onClose = () => {
    tally.closed++;
    resolve();
  };
  chargePoint.onAnswer = (isRight) => {
    tally.answered(isRight, performance.now() - sentAt);
    resolve();
  };
  chargePoint.call();
  return promise;
}
