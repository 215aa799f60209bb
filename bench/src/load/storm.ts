import { setTimeout } from 'node:timers/promises';
import { percentile } from '../statistics.ts';
import { type ChargePoint, connectChargePoint, Refused } from './charge-point.ts';
import { clientFrame } from './frames.ts';
import type { StormOrder, StormResult } from './orders.ts';
import type { Script } from './scenarios.ts';

const calls: readonly (readonly [string, object])[] = [
  ['BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'Storm', firmwareVersion: '1.0.0' }],
  ...[0, 1, 2].map(
    (connectorId) => ['StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available' }] as const,
  ),
];

/** A charge point whose connection broke comes again after this. */
const reconnectMs = 5000;

export async function storm(order: StormOrder): Promise<StormResult> {
  const result = { answered: 0, wrongReplies: 0, postponed: 0 };
  const broken = new Map<string, number>();
  const doneAfter: number[] = [];
  const connected: ChargePoint[] = [];
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt > order.withinMs;

  async function run(index: number): Promise<void> {
    for (;;) {
      const waitMs = await attempt(index);
      if (waitMs === undefined || isOver()) return;
      await setTimeout(waitMs);
    }
  }

  /** Undefined when all was answered; else how long to wait before the next attempt. */
  async function attempt(index: number): Promise<number | undefined> {
    const { port, networkIds, password } = order;
    try {
      const place = { port, index, networkId: networkIds[index] ?? '', password };
      const chargePoint = await connectChargePoint(place, bootScript());
      connected.push(chargePoint);
      await saySequence(chargePoint, () => result.wrongReplies++);
      result.answered++;
      doneAfter.push((performance.now() - startedAt) / 1000);
      return undefined;
    } catch (error) {
      if (error instanceof Refused && error.status === 503) {
        result.postponed++;
        return error.retryAfterSeconds * 1000;
      }
      const reason = reasonOf(error);
      broken.set(reason, (broken.get(reason) ?? 0) + 1);
      return reconnectMs;
    }
  }

  const timeUp = setTimeout(order.withinMs, undefined, { ref: false });
  await Promise.race([Promise.all(order.networkIds.map((_, index) => run(index))), timeUp]);
  const seconds = (performance.now() - startedAt) / 1000;
  for (const chargePoint of connected) chargePoint.destroy();
  return {
    ...result,
    broken: Object.fromEntries(broken),
    seconds,
    p50Seconds: percentile(doneAfter, 0.5),
    p99Seconds: percentile(doneAfter, 0.99),
  };
}

/** The code of a socket's error, without addresses and ports, so that the same are counted together. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}

function bootScript(): Script {
  let next = 0;
  return {
    next(id) {
      const [action, payload] = calls[next++] ?? [];
      return clientFrame(JSON.stringify([2, id, action, payload]));
    },
    isRight: (answer) => next > 1 || answer.includes('"status":"Accepted"'),
  };
}

/** Resolves when all CALLs were answered, rejects when the connection breaks before. */
function saySequence(chargePoint: ChargePoint, onWrong: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let answers = 0;
  chargePoint.onClose = () => reject(new Error('the connection broke'));
  chargePoint.onAnswer = (isRight) => {
    if (!isRight) onWrong();
    if (++answers === calls.length) resolve();
    else chargePoint.call();
  };
  chargePoint.call();
  return promise;
}
