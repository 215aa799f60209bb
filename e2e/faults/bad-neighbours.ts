import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { noAnswer, type TestChargePoint } from '@ocpp-csms/testing';
import { type ChargePointRecord, register } from '../src/registry.ts';
import { shapes } from '../src/shapes.ts';
import { besideBystanders, bystandersHold } from './bystanders.ts';
import { joined } from './charge-point.ts';
import type { Fault } from './fault.ts';
import { count } from './scene.ts';
import { withCsms, withVictim } from './victim.ts';

export const noisyNeighbour: Fault = {
  name: 'one noisy charge point',
  does: 'One charge point sends 500 messages a second, for 60 s (the short form: 3 s).',
  holdsWhen: `${bystandersHold}`,
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) =>
    withCsms(run, async (csms) => {
      const { networkId } = await register(csms);
      const noisy = await joined({ url: csms.wsUrl, networkId });
      const ticks = (run.isLong ? 60 : 3) * 20;
      const { problems, figures } = await besideBystanders(csms, run, async () => {
        for (let tick = 0; tick < ticks; tick++) {
          for (let each = 0; each < 25; each++)
            noisy.sendRaw(
              `[2,"n-${tick}-${each}","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`,
            );
          await sleep(50);
        }
      });
      await noisy.drop();
      return { problems, figures: [`${count(ticks * 25)} messages of the noisy one`, ...figures] };
    }),
};

const memoryGrowthMegabytes = 300;

export const slowReaders: Fault = {
  name: 'slow readers',
  does: 'Charge points that send 20,000 Heartbeats each at once and read none of the answers (20 of them; the short form: 2).',
  holdsWhen: `memory grows by less than ${memoryGrowthMegabytes} MB; ${bystandersHold}`,
  shapes: shapes,
  wantsItsOwn: true,
  run: (run) =>
    withVictim(run, {}, async ({ csms, processes }) => {
      const size = run.isLong ? 20 : 2;
      const before = await residentMegabytes(processes);
      let most = before;
      const { problems, figures } = await besideBystanders(csms, run, async () => {
        const readers: TestChargePoint<'ocpp1.6'>[] = [];
        for (let index = 0; index < size; index++) {
          const { networkId } = await register(csms);
          const reader = await joined({ url: csms.wsUrl, networkId });
          reader.socket.pause();
          for (let beat = 0; beat < 20_000; beat++) {
            reader.socket.send(`[2,"b${beat}","Heartbeat",{}]`);
            // The bystanders live in this process: what holds it up would count as the CSMS's.
            if (beat % 200 === 0) await nextTurn();
          }
          readers.push(reader);
        }
        for (let look = 0; look < (run.isLong ? 60 : 10); look++) {
          await sleep(200);
          most = Math.max(most, await residentMegabytes(processes));
        }
        for (const reader of readers) await reader.drop();
      });
      const growth = most - before;
      if (growth > memoryGrowthMegabytes) problems.push(`memory grew by ${growth.toFixed(0)} MB`);
      return { problems, figures: [`${size} slow readers`, `memory +${growth.toFixed(0)} MB`, ...figures] };
    }),
};

/** Of all of them. `/proc` where there is one; elsewhere 0, and the bystanders alone decide. */
async function residentMegabytes(processes: readonly ChildProcess[]): Promise<number> {
  let kilobytes = 0;
  for (const { pid } of processes) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    kilobytes += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }
  return kilobytes / 1024;
}

/** Unanswered in a row until its connection is closed: the default of `csmsServer.unansweredCallsUntilDeaf`. */
const callsUntilDeaf = 3;

export const deaf: Fault = {
  name: 'a charge point that never answers',
  does: 'A charge point that takes CALLs and sends Heartbeats and answers none of the CALLs.',
  holdsWhen: `each command ends with 504, the connection is closed after ${callsUntilDeaf} of them so that the charge point comes back; ${bystandersHold}`,
  shapes: shapes,
  wantsItsOwn: true,
  run: (run) => {
    const timeoutSeconds = run.isLong ? 10 : 1;
    return withVictim(
      run,
      { env: { CSMS_CSMS_SERVER_CALL_TIMEOUT_SECONDS: String(timeoutSeconds) } },
      async ({ csms }) => {
        const { networkId, chargePointId } = await register(csms);
        const problems: string[] = [];
        const { problems: others, figures } = await besideBystanders(csms, run, async () => {
          const chargePoint = await joined({ url: csms.wsUrl, networkId });
          chargePoint.onCall('TriggerMessage', () => noAnswer);
          const beats = setInterval(() => chargePoint.call('Heartbeat', {}).catch(() => undefined), 500);
          for (let command = 1; command <= callsUntilDeaf; command++) {
            const path = `/device-manager/charge-points/${chargePointId}/commands/TriggerMessage`;
            const { status } = await csms.api.request('POST', path, { requestedMessage: 'Heartbeat' });
            // 504: it did not answer in time; what became of it nobody knows.
            if (status !== 504) problems.push(`command ${command} was answered with ${status}`);
          }
          const end = await Promise.race([chargePoint.closed, sleep(10_000, undefined, { ref: false })]);
          clearInterval(beats);
          if (end === undefined) problems.push(`still connected after ${callsUntilDeaf} unanswered commands`);
          await chargePoint.drop();
          const back = await joined({ url: csms.wsUrl, networkId });
          const path = `/device-manager/charge-points/${chargePointId}`;
          const { connection } = await csms.api.get<ChargePointRecord>(path);
          if (!connection.connected) problems.push('it counts as gone although it came back');
          await back.close();
        });
        return {
          problems: [...problems, ...others],
          figures: [`${callsUntilDeaf} commands, ${timeoutSeconds} s each`, ...figures],
        };
      },
    );
  },
};
