import { connectChargePoint, until } from '@ocpp-csms/testing';
import { expect, test } from 'vitest';
import { authorize, boot, report, startTransaction } from '../src/charge-1.6.ts';
import { connect, now, password, register, unique } from '../src/scenes.ts';
import { describeInBrowser, expectAccessible } from './in-browser.ts';

describeInBrowser('the first charger', (console) => {
  test('first run: it knocks, is adopted, its card is accepted, it charges, is stopped, and the chart is there', async () => {
    const { csms } = console;
    const networkId = unique('FIRST');
    const page = await console.open('/');
    await page.getByText('Nobody is registered yet').waitFor();
    await page.getByText('Waiting for it to knock').waitFor();
    await expectAccessible(page, 'first-run');

    const knock = () => connectChargePoint({ url: csms.wsUrl, networkId, protocol: 'ocpp1.6', password });
    await expect(knock()).rejects.toMatchObject({ status: 404 });
    await page.getByRole('article', { name: `Refused: ${networkId}` }).waitFor();
    await page.getByRole('button', { name: 'Adopt' }).click();
    const chargePoint = await until('it is let in', knock, { everyMs: 200 });
    await boot(chargePoint);
    await page.getByRole('region', { name: 'Needs attention' }).waitFor();
    await page.getByRole('article', { name: networkId }).getByText('available').waitFor();

    const idTag = unique('CARD');
    expect(await authorize(chargePoint, idTag)).toBe('Invalid');
    await page.getByRole('link', { name: 'Id tokens' }).click();
    await page.getByRole('tab', { name: /Unknown \(1\)/ }).click();
    await page.getByText(idTag).first().waitFor();
    await expectAccessible(page, 'unknown-tokens');
    await page.getByRole('button', { name: 'Accept …' }).click();
    await page.getByLabel('Whose it is').fill('Alice');
    await expectAccessible(page, 'token-form');
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await authorize(chargePoint, idTag)).toBe('Accepted');

    const { transactionId } = await startTransaction(chargePoint, idTag);
    await report(chargePoint, 'Charging');
    await page.getByRole('link', { name: 'Transactions' }).click();
    await page.getByText('charging').first().waitFor();
    for (const [minute, kilowatts] of [11, 7, 9].entries()) await measure(minute, kilowatts);
    await page.getByRole('link', { name: String(transactionId) }).click();
    await page.getByRole('img', { name: /The charge over time.*Power/ }).waitFor();
    await expectAccessible(page, 'transaction');
    let stopped: unknown;
    chargePoint.onCall('RemoteStopTransaction', (request) => {
      stopped = request;
      return { status: 'Accepted' };
    });
    await page.getByRole('button', { name: 'Stop charge' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop charge' }).click();
    await until('it is told to stop', () => stopped);
    expect(stopped).toEqual({ transactionId });
    await chargePoint.call('StopTransaction', {
      transactionId,
      idTag,
      meterStop: 3000,
      timestamp: now(),
      reason: 'Remote',
    });
    await page.getByText('ended: Remote').waitFor();
    await page.getByText('2.00').first().waitFor();
    await chargePoint.close();

    async function measure(minute: number, kilowatts: number): Promise<void> {
      const timestamp = new Date(Date.now() + minute * 60_000).toISOString();
      const sampledValue = [
        { value: String(kilowatts), measurand: 'Power.Active.Import' as const, unit: 'kW' as const },
      ];
      await chargePoint.call('MeterValues', {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp, sampledValue }],
      });
    }
  });

  test('find why it does not connect: each step with what was seen and what to do', async () => {
    const { csms } = console;
    const { networkId } = await register(csms);
    const page = await console.open('/not-connected');
    await page.getByLabel('Identity of the charger to watch').fill(networkId);
    await page.getByRole('button', { name: 'Watch it connect' }).click();
    await page.getByText('Nothing has come yet').waitFor();
    expect(new URL(page.url()).searchParams.get('watch')).toBe(networkId);

    const wrong = connectChargePoint({
      url: csms.wsUrl,
      networkId,
      protocol: 'ocpp1.6',
      password: 'not-the-password-1',
    });
    await expect(wrong).rejects.toMatchObject({ status: 401 });
    const letIn = page.getByRole('listitem').filter({ hasText: 'It is let in' });
    await letIn
      .getByText(/password/i)
      .first()
      .waitFor();
    await expectAccessible(page, 'doctor');

    const chargePoint = await connect(csms, { networkId });
    await letIn.getByText('OCPP 1.6').waitFor();
    await boot(chargePoint);
    await page.getByText('Acme One').waitFor();
    await page.getByText('It works.').waitFor();
    await page.getByRole('link', { name: `Open ${networkId}` }).click();
    await page.getByText(networkId).first().waitFor();
    expect(new URL(page.url()).pathname).toBe(`/charge-points/${networkId}`);
  });

  test('what needs somebody is on the board, with what to do, and goes when it is over', async () => {
    const { networkId, name } = await register(console.csms);
    const chargePoint = await connect(console.csms, { networkId });
    await boot(chargePoint);
    await report(chargePoint, 'Faulted', { errorCode: 'GroundFailure' });
    const page = await console.open('/board');
    const attention = page.getByRole('region', { name: 'Needs attention' });
    const faulted = attention.getByRole('listitem').filter({ hasText: 'Faulted' }).first();
    await faulted.getByText(String(name)).waitFor();
    await expectAccessible(page, 'board');
    await report(chargePoint, 'Available');
    await faulted.getByText(String(name)).waitFor({ state: 'hidden' });
    await page.getByText('is available').first().waitFor();
  });
});

describeInBrowser('a new system', (console) => {
  test('is given a name, and a demo is started beside it', async () => {
    const page = await console.open('/');
    await page.getByLabel('Name of the system').fill('Harbour Charging');
    await page.getByRole('button', { name: 'Save the name' }).click();
    await page.getByRole('link', { name: 'Harbour Charging' }).waitFor();
    await expect.poll(() => page.title()).toBe('Board · Harbour Charging');

    await page.getByRole('button', { name: 'Start the demo fleet' }).click();
    const link = page.getByRole('link', { name: 'Open the demo' });
    await link.waitFor();
    await expectAccessible(page, 'first-run-demo');
    const opened = page.context().waitForEvent('page');
    await link.click();
    const demo = await opened;
    await demo.getByRole('article', { name: 'harbour-01' }).waitFor();
    await demo.close();
    await page.getByRole('button', { name: 'Start the demo fleet' }).waitFor();
  });
});
