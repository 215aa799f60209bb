import { describe, expect, test } from 'vitest';
import { authorize, boot } from '../src/charge-1.6.ts';
import { clients, minutesAgo, newToken, unique } from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

describe.each(clients)('with $client', ({ connectWith }) => {
  test('TC_023_1_CSMS: an unknown tag is Invalid', async () => {
    const chargePoint = await connectWith(csms);
    await boot(chargePoint);
    expect(await authorize(chargePoint, unique('TAG'))).toBe('Invalid');
  });

  test('TC_023_2_CSMS: an expired tag is Expired', async () => {
    const chargePoint = await connectWith(csms);
    await boot(chargePoint);
    const idTag = await newToken(csms, { expiresAt: minutesAgo(1) });
    expect(await authorize(chargePoint, idTag)).toBe('Expired');
  });

  test('TC_023_3_CSMS: a blocked tag is Blocked', async () => {
    const chargePoint = await connectWith(csms);
    await boot(chargePoint);
    const idTag = await newToken(csms, { status: 'Blocked' });
    expect(await authorize(chargePoint, idTag)).toBe('Blocked');
  });
});
