import { setTimeout } from 'node:timers/promises';
import { type ChargePoint, connectChargePoint } from './charge-point.ts';
import { createScript, type Scenario } from './scenarios.ts';

/** Stay from one turn to the next, so that no handshake is in what is measured. */
const connected: ChargePoint[] = [];

const handshakesAtOnce = 50;

/** So many connected charge points that begin with this scenario; those that are missing are connected first. */
export async function fleet(
  { port, connections, firstIndex = 0 }: { port: number; connections: number; firstIndex?: number },
  scenario: Scenario,
): Promise<ChargePoint[]> {
  if (connected.some(({ isClosed }) => isClosed)) throw new Error('connections broke between two turns');
  while (connected.length < connections) {
    const from = connected.length;
    const indexes = Array.from(
      { length: Math.min(handshakesAtOnce, connections - from) },
      (_, offset) => firstIndex + from + offset,
    );
    const added = indexes.map((index) =>
      connectChargePoint({ port, index, networkId: `bench-${index}` }, createScript(scenario)),
    );
    connected.push(...(await Promise.all(added)));
  }
  const chosen = connected.slice(0, connections);
  for (const chargePoint of chosen) chargePoint.script = createScript(scenario);
  return chosen;
}

/** Looks until it is so, or the time is up. */
export async function untilAll(
  chargePoints: readonly ChargePoint[],
  isSo: (chargePoint: ChargePoint) => boolean,
  withinMs: number,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!chargePoints.every(isSo) && performance.now() < giveUpAt) await setTimeout(5);
}
