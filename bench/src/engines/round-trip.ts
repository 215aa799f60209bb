import { randomUUID } from 'node:crypto';
import type { Daemons } from '@ocpp-csms/e2e/daemons';
import { connectChargePoint } from '@ocpp-csms/testing';
import { percentile } from '../statistics.ts';

export interface RoundTrip {
  p50Ms: number;
  p99Ms: number;
}

const warmUp = 20;
const commands = 300;

/** Commands over REST at the first node for a charge point that is connected to the last, one after the other. */
export async function measureRoundTrip(daemons: Daemons): Promise<RoundTrip> {
  const [first = ''] = daemons.nodes;
  const last = daemons.nodes.at(-1) ?? first;
  const networkId = 'bench-commanded';
  const api = daemons.apiOf(first);
  await api.post('/device-manager/charge-points', { networkId, name: 'commanded', securityProfile: 0 });
  const chargePoint = await connectChargePoint({ url: daemons.wsUrlOf(last), networkId, protocol: 'ocpp1.6' });
  try {
    await chargePoint.callAs(randomUUID(), 'BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'One' });
    const took: number[] = [];
    for (let n = 0; n < warmUp + commands; n++) {
      const startedAt = performance.now();
      const path = `/device-manager/charge-points/${networkId}/commands/GetLocalListVersion`;
      const { status } = await api.post<{ status: string }>(path, {});
      if (status !== 'answered') throw new Error(`a command is ${status}`);
      if (n >= warmUp) took.push(performance.now() - startedAt);
    }
    return { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) };
  } finally {
    await chargePoint.close();
  }
}
