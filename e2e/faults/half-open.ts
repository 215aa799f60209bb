import { until } from '@ocpp-csms/testing';
import { type ChargePointRecord, newToken, register } from '../src/registry.ts';
import { shapes } from '../src/shapes.ts';
import { joined, startTransaction, stopTransaction } from './charge-point.ts';
import type { Fault } from './fault.ts';
import { compare, seconds } from './scene.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { withVictim } from './victim.ts';

/** Two missed pings, and the wait until the next one at which they are counted. */
const intervals = 3;

export const halfOpen: Fault = {
  name: 'half-open connection',
  does: 'A charge point vanishes in the middle of a transaction without a word on TCP; later it comes back on another connection.',
  holdsWhen: `its connection counts as gone within ${intervals} ping intervals (60 s with the default of 20 s; the short form sets 1 s), and it ends its transaction on the new one`,
  shapes: shapes,
  wantsItsOwn: true,
  run: (run) => {
    const pingSeconds = run.isLong ? 20 : 1;
    return withVictim(
      run,
      { env: { CSMS_CSMS_SERVER_PING_INTERVAL_SECONDS: String(pingSeconds) } },
      async ({ csms }) => {
        const proxy = await startTcpProxy(csms.port);
        try {
          const { networkId, chargePointId } = await register(csms);
          const lost = await joined({ url: proxy.wsUrl, networkId });
          const transactionId = await startTransaction(lost, await newToken(csms), 1000);
          proxy.freeze();
          const frozenAt = performance.now();
          const isConnected = async () =>
            (await csms.api.get<ChargePointRecord>(`/device-manager/charge-points/${chargePointId}`)).connection
              .connected;
          await until('the connection counts as gone', async () => !(await isConnected()), {
            timeoutMs: (intervals * pingSeconds + 1) * 1000,
          });
          const detected = seconds(performance.now() - frozenAt);
          const back = await joined({ url: csms.wsUrl, networkId });
          await stopTransaction(back, transactionId, 6000);
          const { problems } = await compare(run, csms, [
            {
              networkId,
              answered: [...lost.answered, ...back.answered],
              transactions: [{ transactionId: String(transactionId), energyWh: 5000 }],
            },
          ]);
          await back.drop();
          return { problems, figures: [`noticed after ${detected} with a ping each ${pingSeconds} s`] };
        } finally {
          await proxy.close();
        }
      },
    );
  },
};
