import { until } from '@ocpp-csms/testing';
import { type ChargePointRecord, register } from '../../src/registry.ts';
import { joined, say } from '../charge-point.ts';
import type { Fault, Outcome } from '../fault.ts';
import { seconds } from '../scene.ts';
import { withCluster } from './cluster.ts';

const freeWithinMs = 15_000;

export const nodeDeath: Fault = {
  name: 'death of a node',
  does: 'A csms-server is killed and does not come back.',
  holdsWhen: `its charge points no longer count as connected after ${freeWithinMs / 1000} s, and are served by the other node at once`,
  shapes: ['nodes'],
  wantsItsOwn: true,
  run: () =>
    withCluster(async ({ daemons }): Promise<Outcome> => {
      const problems: string[] = [];
      const [dead = '', other = ''] = daemons.nodes;
      const [gone, moved] = [await register(daemons), await register(daemons)];
      const isConnected = async ({ chargePointId }: ChargePointRecord) => {
        const path = `/device-manager/charge-points/${chargePointId}`;
        return (await daemons.apiOf(other).get<ChargePointRecord>(path)).connection.connected;
      };
      await joined({ url: daemons.wsUrlOf(dead), networkId: gone.networkId });
      await joined({ url: daemons.wsUrlOf(dead), networkId: moved.networkId });
      await daemons.daemon('csms-server', dead).kill();
      const since = performance.now();
      const again = await joined({ url: daemons.wsUrlOf(other), networkId: moved.networkId });
      await say(again, 'Heartbeat', {});
      const servedMs = performance.now() - since;
      await until('it counts as gone', async () => !(await isConnected(gone)), { timeoutMs: 30_000 });
      const freeMs = performance.now() - since;
      if (freeMs > freeWithinMs) problems.push(`its charge points counted as connected for ${seconds(freeMs)}`);
      if (!(await isConnected(moved))) problems.push('the charge point that moved counts as gone');
      await again.close();
      return { problems, figures: [`free after ${seconds(freeMs)}`, `served elsewhere after ${seconds(servedMs)}`] };
    }),
};
