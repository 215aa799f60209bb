import { describe, expect, test } from 'vitest';
import {
  authorize,
  boot,
  energy,
  idTokenOf,
  report,
  startCharging,
  transactionOn,
  versions2,
} from '../src/charge-2.ts';
import {
  clients,
  commandIsAnswered,
  connect,
  minutesAgo,
  newChargePoint,
  newToken,
  onlyTransaction,
  transactionsOf,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

describe.each(versions2)('%s', (protocol) => {
  async function booted() {
    const chargePoint = await newChargePoint(csms, { protocol });
    await boot(chargePoint);
    return chargePoint;
  }

  describe.each(clients)('with $client', ({ connectWith }) => {
    test('TC_E_04_CSMS: authorize, plug in, charge, stop: one transaction with its energy', async () => {
      const chargePoint = await connectWith(csms, { protocol });
      await boot(chargePoint);
      const idToken = await newToken(csms);
      expect(await authorize(chargePoint, idToken)).toBe('Accepted');
      await report(chargePoint, 'Occupied');
      const transaction = await startCharging(chargePoint, idToken, 1000);
      await transaction.send('Updated', 'MeterValuePeriodic', { meterValue: energy(2500) });
      const answer = await transaction.send('Ended', 'StopAuthorized', {
        idToken: idTokenOf(idToken),
        meterValue: energy(6000, 'Transaction.End'),
        info: { stoppedReason: 'Local' },
      });
      expect(answer.idTokenInfo?.status).toBe('Accepted');
      await report(chargePoint, 'Available');
      expect(await onlyTransaction(csms, chargePoint)).toMatchObject({
        transactionId: transaction.transactionId,
        active: false,
        energyWh: 5000,
        disputed: false,
        idToken,
      });
    });
  });

  test('TC_E_03_CSMS: cable first, then authorized', async () => {
    const chargePoint = await booted();
    const idToken = await newToken(csms);
    await report(chargePoint, 'Occupied');
    const transaction = transactionOn(chargePoint);
    await transaction.send('Started', 'CablePluggedIn', { info: { chargingState: 'EVConnected' } });
    const { idTokenInfo } = await transaction.send('Updated', 'Authorized', { idToken: idTokenOf(idToken) });
    expect(idTokenInfo?.status).toBe('Accepted');
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: true, idToken });
  });

  test('TC_E_21_CSMS: RequestStopTransaction with the running id', async () => {
    const chargePoint = await booted();
    const transaction = await startCharging(chargePoint, await newToken(csms));
    const { transactionId } = transaction;
    await commandIsAnswered(csms, chargePoint, 'RequestStopTransaction', { transactionId }, { status: 'Accepted' });
    await transaction.send('Ended', 'RemoteStop', {
      meterValue: energy(1500, 'Transaction.End'),
      info: { stoppedReason: 'Remote' },
    });
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 500, reason: 'Remote' });
  });

  test('TC_E_22_CSMS: suspended by the EV, stays open until it is ended', async () => {
    const chargePoint = await booted();
    const transaction = await startCharging(chargePoint, await newToken(csms));
    await transaction.send('Updated', 'ChargingStateChanged', { info: { chargingState: 'SuspendedEV' } });
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: true, chargingState: 'SuspendedEV' });
    await transaction.send('Ended', 'EVCommunicationLost', { info: { stoppedReason: 'EVDisconnected' } });
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false });
  });

  test('TC_E_39_CSMS: ended by the connection timeout', async () => {
    const chargePoint = await booted();
    const transaction = await startCharging(chargePoint, await newToken(csms));
    await transaction.send('Ended', 'EVConnectTimeout', { info: { stoppedReason: 'Timeout' } });
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, reason: 'Timeout' });
  });

  test('TC_E_53_CSMS: seqNo starts at 0 again with each transaction', async () => {
    const chargePoint = await booted();
    const idToken = await newToken(csms);
    for (let round = 0; round < 2; round++) {
      const transaction = await startCharging(chargePoint, idToken, round * 1000);
      await transaction.send('Ended', 'StopAuthorized', { meterValue: energy(round * 1000 + 700, 'Transaction.End') });
    }
    const transactions = await transactionsOf(csms, chargePoint);
    expect(transactions.map(({ active, energyWh }) => ({ active, energyWh }))).toEqual([
      { active: false, energyWh: 700 },
      { active: false, energyWh: 700 },
    ]);
  });

  test('TC_E_31_CSMS: late events fill the gap; the Ended that overtook them stays the end', async () => {
    const chargePoint = await booted();
    const idToken = await newToken(csms);
    const transaction = transactionOn(chargePoint);
    const started = transaction.event('Started', 'Authorized', {
      idToken: idTokenOf(idToken),
      meterValue: energy(100, 'Transaction.Begin'),
    });
    const updates = [1, 2].map((step) =>
      transaction.event('Updated', 'MeterValuePeriodic', { meterValue: energy(100 + step * 100), offline: true }),
    );
    const ended = transaction.event('Ended', 'StopAuthorized', { meterValue: energy(900, 'Transaction.End') });

    await chargePoint.call('TransactionEvent', started);
    await chargePoint.call('TransactionEvent', ended);
    const before = await onlyTransaction(csms, chargePoint);
    expect(before.active).toBe(false);
    expect(before.flags.map(({ code }) => code)).toContain('missing-events');
    const { transactionId } = transaction;
    await commandIsAnswered(
      csms,
      chargePoint,
      'GetTransactionStatus',
      { transactionId },
      { ongoingIndicator: false, messagesInQueue: true },
    );
    for (const update of updates) await chargePoint.call('TransactionEvent', update);
    const after = await onlyTransaction(csms, chargePoint);
    expect(after).toMatchObject({ active: false, energyWh: 800 });
    expect(after.flags.map(({ code }) => code)).not.toContain('missing-events');
  });

  test('a whole transaction that was queued offline keeps the times of the charge point', async () => {
    const chargePoint = await booted();
    await chargePoint.drop();
    const again = await connect(csms, { networkId: chargePoint.networkId, protocol });
    const idToken = await newToken(csms);
    const transaction = transactionOn(again);
    const [startedAt, stoppedAt] = [minutesAgo(90), minutesAgo(30)];
    await transaction.send('Started', 'Authorized', {
      timestamp: startedAt,
      offline: true,
      idToken: idTokenOf(idToken),
      meterValue: energy(0, 'Transaction.Begin'),
    });
    await transaction.send('Ended', 'StopAuthorized', {
      timestamp: stoppedAt,
      offline: true,
      meterValue: energy(7000, 'Transaction.End'),
    });
    expect(await onlyTransaction(csms, again)).toMatchObject({ active: false, startedAt, stoppedAt, energyWh: 7000 });
  });

  test('MeterValues outside of a transaction are answered', async () => {
    const chargePoint = await booted();
    expect(await chargePoint.call('MeterValues', { evseId: 1, meterValue: energy(5) })).toEqual({});
    expect(await transactionsOf(csms, chargePoint)).toEqual([]);
  });
});
