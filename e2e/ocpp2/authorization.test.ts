import { describe, expect, test } from 'vitest';
import { authorize, boot, energy, idTokenOf, startCharging, transactionOn, versions2 } from '../src/charge-2.ts';
import { minutesAgo, newChargePoint, newToken, onlyTransaction, unique } from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

describe.each(versions2)('%s', (protocol) => {
  async function booted() {
    const chargePoint = await newChargePoint(csms, { protocol });
    await boot(chargePoint);
    return chargePoint;
  }

  test('TC_C_02_CSMS: an unknown token is Invalid or Unknown', async () => {
    expect(['Invalid', 'Unknown']).toContain(await authorize(await booted(), unique('TAG')));
  });

  test('TC_C_06_CSMS: a blocked token is Blocked or Invalid', async () => {
    const idToken = await newToken(csms, { status: 'Blocked' });
    expect(['Blocked', 'Invalid']).toContain(await authorize(await booted(), idToken));
  });

  test('TC_C_07_CSMS: an expired token is Expired or Invalid', async () => {
    const idToken = await newToken(csms, { expiresAt: minutesAgo(1) });
    expect(['Expired', 'Invalid']).toContain(await authorize(await booted(), idToken));
  });

  test('TC_C_08_CSMS: a valid token from the cache, in the event alone, is Accepted', async () => {
    const chargePoint = await booted();
    const transaction = await startCharging(chargePoint, await newToken(csms));
    await transaction.send('Ended', 'StopAuthorized', { meterValue: energy(2000, 'Transaction.End') });
  });

  test('TC_C_20_CSMS: an invalid token from the cache is refused in the event, and the deauthorized end is taken', async () => {
    const chargePoint = await booted();
    const transaction = transactionOn(chargePoint);
    const { idTokenInfo } = await transaction.send('Started', 'Authorized', { idToken: idTokenOf(unique('TAG')) });
    expect(['Invalid', 'Unknown']).toContain(idTokenInfo?.status);
    await transaction.send('Ended', 'Deauthorized', { info: { stoppedReason: 'DeAuthorized' } });
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false });
  });

  test('TC_C_39_CSMS: both members of a group get its groupIdToken', async () => {
    const chargePoint = await booted();
    const group = await newToken(csms);
    for (const idToken of [
      await newToken(csms, { parentIdToken: group }),
      await newToken(csms, { parentIdToken: group }),
    ]) {
      const { idTokenInfo } = await chargePoint.call('Authorize', { idToken: idTokenOf(idToken) });
      expect(idTokenInfo).toMatchObject({ status: 'Accepted', groupIdToken: { idToken: group } });
    }
  });
});
