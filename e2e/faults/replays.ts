import { randomUUID } from 'node:crypto';
import type { TestChargePoint } from '@ocpp-csms/testing';
import type { Witness } from '../src/ledger.ts';
import type { SeenTransaction } from '../src/load.ts';
import { newToken, register } from '../src/registry.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import { shapes } from '../src/shapes.ts';
import { joined, say } from './charge-point.ts';
import type { Fault, Run } from './fault.ts';
import { compare, ledgerFigures, seconds } from './scene.ts';
import { withCsms } from './victim.ts';

const hour = 3_600_000;
const ledgerHolds = 'each transaction is in the ledger once, same id and Wh, closed';

/** Says every message of a transaction, how often and in which order the fault wants, and returns what it was given. */
type Teller<V extends 'ocpp1.6' | 'ocpp2.0.1'> = (
  chargePoint: TestChargePoint<V>,
  idToken: string,
  index: number,
) => Promise<SeenTransaction>;

export const duplicates: Fault = {
  name: 'duplicates and disorder',
  does: 'Each message of a transaction comes several times, under the same and under another message id; OCPP 2.0.1 events come last first.',
  holdsWhen: ledgerHolds,
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) =>
    tell(run, { of16: repeated16, of201: disordered201, transactions: run.isLong ? 300 : 20, isBacklog: false }),
};

export const backlog: Fault = {
  name: '72 h offline backlog',
  does: 'A charge point that was offline for 72 h delivers a transaction for every 6 minutes of it, as fast as it is answered.',
  holdsWhen: `${ledgerHolds}; all of it within 60 s`,
  shapes: shapes,
  wantsItsOwn: false,
  run: (run) => tell(run, { of16: backlog16, of201: backlog201, transactions: run.isLong ? 720 : 60, isBacklog: true }),
};

interface Story {
  of16: Teller<'ocpp1.6'>;
  of201: Teller<'ocpp2.0.1'>;
  /** Of each version. */
  transactions: number;
  isBacklog: boolean;
}

function tell(run: Run, { of16, of201, transactions, isBacklog }: Story) {
  return withCsms(run, async (csms) => {
    const startedAt = performance.now();
    const witnesses = await Promise.all([
      witness(csms, 'ocpp1.6', of16, transactions),
      witness(csms, 'ocpp2.0.1', of201, transactions),
    ]);
    const tookMs = performance.now() - startedAt;
    const comparison = await compare(run, csms, witnesses);
    const late = isBacklog && tookMs > 60_000 ? [`it took ${seconds(tookMs)}`] : [];
    return {
      problems: [...late, ...comparison.problems],
      figures: [...ledgerFigures(comparison), `in ${seconds(tookMs)}`],
    };
  });
}

async function witness<V extends 'ocpp1.6' | 'ocpp2.0.1'>(
  csms: RunningCsms,
  protocol: V,
  teller: Teller<V>,
  transactions: number,
): Promise<Witness> {
  const { networkId } = await register(csms);
  const idToken = await newToken(csms);
  const chargePoint = await joined<V>({ url: csms.wsUrl, networkId, protocol, timeoutMs: 30_000 });
  const seen: SeenTransaction[] = [];
  for (let index = 0; index < transactions; index++) seen.push(await teller(chargePoint, idToken, index));
  await chargePoint.close();
  // A repeat under the same message id is answered twice and logged once.
  const answered = [...new Map(chargePoint.answered.map((call) => [call.msgId, call])).values()];
  return { networkId, answered, transactions: seen };
}

const at = (index: number, minutes: number) =>
  new Date(Date.now() - 72 * hour + (index * 6 + minutes) * 60_000).toISOString();
const energyWh = (index: number) => 100 + (index % 50);

async function repeated16(chargePoint: TestChargePoint<'ocpp1.6'>, idTag: string, index: number) {
  const start = { connectorId: 1, idTag, meterStart: 1000, timestamp: at(index, 0) };
  const ids = new Set<number>();
  const starting = async (msgId: string) => {
    const answer = (await chargePoint.callAs(msgId, 'StartTransaction', start)) as { transactionId: number };
    ids.add(answer.transactionId);
    return answer.transactionId;
  };
  const msgId = randomUUID();
  const transactionId = await starting(msgId);
  await starting(msgId);
  await starting(randomUUID());
  const stop = { transactionId, meterStop: 1000 + energyWh(index), timestamp: at(index, 5) };
  const stopId = randomUUID();
  await chargePoint.callAs(stopId, 'StopTransaction', stop);
  await chargePoint.callAs(stopId, 'StopTransaction', stop);
  await say(chargePoint, 'StopTransaction', stop);
  // The answer to the start was lost, and the start is said again when all is over (field-faults 34).
  await starting(randomUUID());
  if (ids.size > 1) throw new Error(`one start was given the ids ${[...ids].join(', ')}`);
  return { transactionId: String(transactionId), energyWh: energyWh(index) };
}

async function disordered201(chargePoint: TestChargePoint<'ocpp2.0.1'>, idToken: string, index: number) {
  const { transactionId, events } = eventsOf(idToken, index, false);
  for (const event of events.toReversed()) {
    const msgId = randomUUID();
    await chargePoint.callAs(msgId, 'TransactionEvent', event);
    await chargePoint.callAs(msgId, 'TransactionEvent', event);
    await say(chargePoint, 'TransactionEvent', event);
  }
  return { transactionId, energyWh: energyWh(index) };
}

async function backlog16(chargePoint: TestChargePoint<'ocpp1.6'>, idTag: string, index: number) {
  const start = { connectorId: 1, idTag, meterStart: 1000, timestamp: at(index, 0) };
  const { transactionId } = (await say(chargePoint, 'StartTransaction', start)) as { transactionId: number };
  const meterValue = [1, 2, 3, 4].map((minute) => ({
    timestamp: at(index, minute),
    sampledValue: [{ value: '1001' }],
  }));
  await say(chargePoint, 'MeterValues', { connectorId: 1, transactionId, meterValue });
  await say(chargePoint, 'StopTransaction', {
    transactionId,
    meterStop: 1000 + energyWh(index),
    timestamp: at(index, 5),
  });
  return { transactionId: String(transactionId), energyWh: energyWh(index) };
}

async function backlog201(chargePoint: TestChargePoint<'ocpp2.0.1'>, idToken: string, index: number) {
  const { transactionId, events } = eventsOf(idToken, index, true);
  for (const event of events) await say(chargePoint, 'TransactionEvent', event);
  return { transactionId, energyWh: energyWh(index) };
}

function eventsOf(idToken: string, index: number, offline: boolean) {
  const transactionId = randomUUID();
  const event = (seqNo: number, eventType: string, triggerReason: string, meter: number, more: object = {}) => ({
    eventType,
    triggerReason,
    seqNo,
    offline,
    timestamp: at(index, seqNo),
    transactionInfo: { transactionId },
    evse: { id: 1, connectorId: 1 },
    meterValue: [{ timestamp: at(index, seqNo), sampledValue: [{ value: meter }] }],
    ...more,
  });
  return {
    transactionId,
    events: [
      event(0, 'Started', 'Authorized', 1000, { idToken: { idToken, type: 'ISO14443' } }),
      event(1, 'Updated', 'MeterValuePeriodic', 1001),
      event(2, 'Ended', 'EVDeparted', 1000 + energyWh(index)),
    ],
  };
}
