import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnsweredCall, CallError, connectChargePoint, type TestChargePoint } from '@ocpp-csms/testing';
import { password } from './registry.ts';

/** What a charge point knows of a transaction: the ledger must know the same. */
export interface SeenTransaction {
  transactionId: string;
  /** Wh between the first and the last reading, once the end was answered. */
  energyWh?: number;
}

/** A charge point that charges without a pause, keeps what it could not deliver, and repeats it over reconnections. */
export interface LoadedChargePoint {
  readonly networkId: string;
  /** Milliseconds that each answer took, of the CALLs that were answered at the first attempt. */
  readonly latenciesMs: readonly number[];
  /** Every CALL that was answered, over all connections. */
  readonly answered: readonly AnsweredCall[];
  readonly transactions: readonly SeenTransaction[];
  /** How many CALLs were answered so far. */
  readonly deliveries: number;
  /** Finishes the transaction under way, within a minute; rejects with whatever was not as it should be. */
  finish(): Promise<void>;
}

export interface LoadOptions {
  url: string;
  networkId: string;
  idToken: string;
  protocol: 'ocpp1.6' | 'ocpp2.0.1';
  /** Between two charges. */
  pauseMs?: number;
}

const finishWithinMs = 60_000;

export function loadWith(options: LoadOptions): LoadedChargePoint {
  const line = createLine(options);
  const transactions: SeenTransaction[] = [];
  let finishing = false;
  const chargeOnce = options.protocol === 'ocpp1.6' ? chargeOnce16 : chargeOnce2;
  const running = (async () => {
    let meter = 0;
    while (!finishing) {
      meter = await chargeOnce(line, options.idToken, meter, transactions);
      if (options.pauseMs !== undefined) await sleep(options.pauseMs);
    }
  })();
  // Whoever awaits `finish` gets it; until then it must not end the process.
  running.catch(() => undefined);
  return {
    networkId: options.networkId,
    answered: line.answered,
    latenciesMs: line.latenciesMs,
    transactions,
    get deliveries() {
      return line.deliveries;
    },
    async finish() {
      finishing = true;
      const lateness = new AbortController();
      const late = sleep(finishWithinMs, undefined, { signal: lateness.signal }).then(() => {
        line.giveUp(new Error(`${options.networkId}: not all was answered within ${finishWithinMs / 1000} s`));
      });
      late.catch(() => undefined);
      await running.finally(() => lateness.abort());
      await line.close();
    },
  };
}

interface Line {
  /** Until it is answered, on whatever connection; each attempt with a message id of its own. */
  deliver(action: string, payload: unknown): Promise<unknown>;
  readonly answered: AnsweredCall[];
  readonly latenciesMs: number[];
  readonly deliveries: number;
  /** What is not delivered yet is rejected with this. */
  giveUp(why: Error): void;
  close(): Promise<void>;
}

function createLine({ url, networkId, protocol }: LoadOptions): Line {
  const answered: AnsweredCall[] = [];
  const latenciesMs: number[] = [];
  let deliveries = 0;
  let givenUp: Error | undefined;
  let current: TestChargePoint<LoadOptions['protocol']> | undefined;

  async function connected(): Promise<TestChargePoint<LoadOptions['protocol']>> {
    if (current !== undefined) return current;
    for (;;) {
      if (givenUp !== undefined) throw givenUp;
      try {
        const chargePoint = await connectChargePoint({ url, networkId, protocol, password, timeoutMs: 15_000 });
        void chargePoint.closed.then(() => {
          answered.push(...chargePoint.answered);
          if (current === chargePoint) current = undefined;
        });
        await chargePoint.callAs(randomUUID(), 'BootNotification', bootOf[protocol]);
        current = chargePoint;
        return chargePoint;
      } catch {
        // The CSMS is being killed or started: that is what this is for.
        await sleep(20 + randomInt(60));
      }
    }
  }

  return {
    answered,
    latenciesMs,
    get deliveries() {
      return deliveries;
    },
    async deliver(action, payload) {
      for (let attempt = 1; ; attempt++) {
        const chargePoint = await connected();
        const sentAt = performance.now();
        try {
          const answer = await chargePoint.callAs(randomUUID(), action, payload);
          deliveries++;
          if (attempt === 1) latenciesMs.push(performance.now() - sentAt);
          return answer;
        } catch (error) {
          if (error instanceof CallError)
            throw new Error(`${networkId}: ${action} was answered with ${error.code} ${error.message}`);
          await chargePoint.drop();
        }
      }
    },
    giveUp(why) {
      givenUp = why;
    },
    async close() {
      await current?.close();
    },
  };
}

const bootOf = {
  'ocpp1.6': { chargePointVendor: 'Load', chargePointModel: 'One' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Load', model: 'Two' } },
};

const now = () => new Date().toISOString();

async function chargeOnce16(line: Line, idTag: string, meterStart: number, seen: SeenTransaction[]): Promise<number> {
  const sample = (value: number) => [{ timestamp: now(), sampledValue: [{ value: String(value) }] }];
  await line.deliver('Heartbeat', {});
  const answer = await line.deliver('StartTransaction', { connectorId: 1, idTag, meterStart, timestamp: now() });
  const { transactionId } = answer as { transactionId: number };
  const transaction: SeenTransaction = { transactionId: String(transactionId) };
  seen.push(transaction);
  await line.deliver('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' });
  const meterStop = meterStart + 1 + randomInt(20);
  await line.deliver('MeterValues', { connectorId: 1, transactionId, meterValue: sample(meterStart + 1) });
  await line.deliver('StopTransaction', { transactionId, meterStop, timestamp: now(), reason: 'Local' });
  transaction.energyWh = meterStop - meterStart;
  return meterStop;
}

async function chargeOnce2(line: Line, idToken: string, meterStart: number, seen: SeenTransaction[]): Promise<number> {
  const transactionId = randomUUID();
  const sample = (value: number) => [{ timestamp: now(), sampledValue: [{ value }] }];
  const event = (seqNo: number, eventType: string, triggerReason: string, meter: number) => ({
    eventType,
    triggerReason,
    seqNo,
    timestamp: now(),
    transactionInfo: { transactionId },
    evse: { id: 1, connectorId: 1 },
    meterValue: sample(meter),
  });
  await line.deliver('Heartbeat', {});
  const transaction: SeenTransaction = { transactionId };
  const meterStop = meterStart + 1 + randomInt(20);
  await line.deliver('TransactionEvent', {
    ...event(0, 'Started', 'Authorized', meterStart),
    idToken: { idToken, type: 'ISO14443' },
  });
  seen.push(transaction);
  await line.deliver('TransactionEvent', event(1, 'Updated', 'MeterValuePeriodic', meterStart + 1));
  await line.deliver('TransactionEvent', event(2, 'Ended', 'StopAuthorized', meterStop));
  transaction.energyWh = meterStop - meterStart;
  return meterStop;
}
