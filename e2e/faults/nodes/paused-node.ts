import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@ocpp-csms/testing';
import { register } from '../../src/registry.ts';
import { joined, say } from '../charge-point.ts';
import type { Fault, Outcome } from '../fault.ts';
import { seconds } from '../scene.ts';
import { withCluster } from './cluster.ts';

const leaseSeconds = 5;

export const pausedNode: Fault = {
  name: 'paused node',
  does: 'A csms-server is stopped (SIGSTOP) beyond its lease; its charge points go to the other node; then it wakes.',
  holdsWhen: 'on waking it ends its sockets before it answers anything, and commands go to the newcomers',
  shapes: ['nodes'],
  wantsItsOwn: true,
  run: () =>
    withCluster(
      async ({ daemons }): Promise<Outcome> => {
        const problems: string[] = [];
        const [paused = '', other = ''] = daemons.nodes;
        const { networkId, chargePointId } = await register(daemons);
        const old = await joined({ url: daemons.wsUrlOf(paused), networkId });
        daemons.daemon('csms-server', paused).signal('SIGSTOP');
        await sleep(leaseSeconds * 1000 + 2500);
        const fresh = await joined({ url: daemons.wsUrlOf(other), networkId });
        // It arrives when the node wakes, and nobody must answer it: the charge point is elsewhere by now.
        const answered = say(old, 'Heartbeat', {}).then(
          () => true,
          () => false,
        );
        daemons.daemon('csms-server', paused).signal('SIGCONT');
        const since = performance.now();
        await old.closed;
        const endedMs = performance.now() - since;
        if (await answered) problems.push('the node that woke answered on the old connection');
        // Asked of either node, the command has to find the newcomer.
        for (const node of daemons.nodes) {
          const path = `/device-manager/charge-points/${chargePointId}/commands/TriggerMessage`;
          const command = await until('the command is answered', () =>
            daemons.apiOf(node).post<{ status: string }>(path, { requestedMessage: 'Heartbeat' }),
          );
          if (command.status !== 'answered') problems.push(`a command by ${node} is ${command.status}`);
        }
        await say(fresh, 'Heartbeat', {});
        await fresh.close();
        return { problems, figures: [`old socket ended ${seconds(endedMs)} after waking`] };
      },
      { csmsServer: { leaseSeconds } },
    ),
};
