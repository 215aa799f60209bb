import type { Witness } from '../../src/ledger.ts';
import { type ChargePointRecord, newToken, register } from '../../src/registry.ts';
import { joined, say, startTransaction, stopTransaction } from '../charge-point.ts';
import type { Fault } from '../fault.ts';
import { compareWhenCaughtUp, withCluster } from './cluster.ts';
import { outcomeOf } from './kill-9.ts';

export const takeoversAcrossNodes: Fault = {
  name: 'takeovers across nodes',
  does: 'A charge point connects to one node after the other while its last connection is still open, in the middle of a transaction.',
  holdsWhen:
    'the newcomer is served each time and the old connection on the other node is ended, it never counts as gone, one transaction with its Wh',
  run: ({ isLong }) =>
    withCluster(async ({ daemons }) => {
      const times = isLong ? 200 : 10;
      const problems: string[] = [];
      const { networkId, chargePointId } = await register(daemons);
      const answered: Witness['answered'][number][] = [];
      const urlOf = (time: number) => daemons.wsUrlOf(daemons.nodes[time % daemons.nodes.length] ?? '');
      let current = await joined({ url: urlOf(0), networkId });
      const transactionId = await startTransaction(current, await newToken(daemons), 1000);
      for (let time = 1; time <= times; time++) {
        const old = current;
        current = await joined({ url: urlOf(time), networkId });
        await old.closed;
        answered.push(...old.answered);
        await say(current, 'Heartbeat', {});
        const path = `/device-manager/charge-points/${chargePointId}`;
        const { connection } = await daemons.api.get<ChargePointRecord>(path);
        if (!connection.connected) problems.push(`takeover ${time}: the charge point counts as gone`);
      }
      await stopTransaction(current, transactionId, 6000);
      answered.push(...current.answered);
      await current.close();
      const transactions = [{ transactionId: String(transactionId), energyWh: 5000 }];
      const comparison = await compareWhenCaughtUp(daemons, [{ networkId, answered, transactions }]);
      return outcomeOf(comparison, [`${times} takeovers`], problems);
    }),
};
