import type { Witness } from '../src/ledger.ts';
import { type ChargePointRecord, newToken, register } from '../src/registry.ts';
import { shapes } from '../src/shapes.ts';
import { joined, say, startTransaction, stopTransaction } from './charge-point.ts';
import type { Fault } from './fault.ts';
import { compare, ledgerFigures } from './scene.ts';
import { withCsms } from './victim.ts';

export const takeovers: Fault = {
  name: 'takeovers',
  does: 'A charge point connects again and again while its last connection is still open (to one node after the other, where there are several), in the middle of a transaction.',
  holdsWhen:
    'the newcomer is served each time and the old connection is ended, the charge point never counts as gone afterwards, one transaction with its Wh',
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) =>
    withCsms(run, async (csms) => {
      const times = run.isLong ? 300 : 20;
      const { networkId, chargePointId } = await register(csms);
      const problems: string[] = [];
      const answered: Witness['answered'][number][] = [];
      let current = await joined({ url: csms.wsUrl, networkId });
      const transactionId = await startTransaction(current, await newToken(csms), 1000);
      for (let time = 1; time <= times; time++) {
        const old = current;
        current = await joined({ url: csms.wsUrl, networkId });
        await old.closed;
        answered.push(...old.answered);
        await say(current, 'Heartbeat', {});
        const path = `/device-manager/charge-points/${chargePointId}`;
        const { connection } = await csms.api.get<ChargePointRecord>(path);
        if (!connection.connected) problems.push(`takeover ${time}: the charge point counts as gone`);
      }
      await stopTransaction(current, transactionId, 6000);
      answered.push(...current.answered);
      await current.close();
      const transactions = [{ transactionId: String(transactionId), energyWh: 5000 }];
      const comparison = await compare(run, csms, [{ networkId, answered, transactions }]);
      return {
        problems: [...problems, ...comparison.problems],
        figures: [`${times} takeovers`, ...ledgerFigures(comparison)],
      };
    }),
};
