import { connectChargePoint, until } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { boot, report } from '../src/charge-1.6.ts';
import { password, register, unique } from '../src/registry.ts';
import { newChargePoint } from '../src/scenes.ts';
import { describeInBrowser, expectAccessible } from './in-browser.ts';

describeInBrowser('charge points', (console) => {
  test('a wrong key is refused in words', async () => {
    const context = await console.browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(console.csms.httpUrl);
    await page.getByLabel('API key').fill('csms_this-is-not-the-key');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('You are not signed in').waitFor();
    await expectAccessible(page, 'sign-in');
  });

  test('the list shows who is there, a filter is in the address, and a status changes without a reload', async () => {
    const chargePoint = await newChargePoint(console.csms);
    await boot(chargePoint);
    await report(chargePoint, 'Available');
    const page = await console.open(`/charge-points?q=${chargePoint.networkId}`);
    const row = page.getByRole('row').filter({ hasText: chargePoint.networkId });
    const other = page.getByRole('row').filter({ hasText: (await register(console.csms)).networkId });
    await row.getByText('available').waitFor();
    await report(chargePoint, 'Faulted');
    await row.getByText('faulted').waitFor();
    expect(await other.count()).toBe(0);
    await expectAccessible(page, 'charge-points');
  });

  test('a charge point that was refused is adopted, and comes', async () => {
    const networkId = unique('STRANGER');
    const knock = () => connectChargePoint({ url: console.csms.wsUrl, networkId, protocol: 'ocpp1.6' });
    await expect(knock()).rejects.toMatchObject({ status: 404 });
    const page = await console.open('/not-connected');
    await page.getByText(networkId).first().waitFor();
    await expectAccessible(page, 'not-connected');
    await page.getByRole('button', { name: /Adopt/ }).first().click();
    const chargePoint = await until('it is let in', knock, { everyMs: 200 });
    await chargePoint.close();
  });

  test('a command is sent, and its answer is seen', async () => {
    const { networkId } = await register(console.csms);
    const chargePoint = await connectChargePoint({ url: console.csms.wsUrl, networkId, password, protocol: 'ocpp1.6' });
    onTestFinished(async () => void (await chargePoint.close()));
    await boot(chargePoint);
    await report(chargePoint, 'Available');
    const page = await console.open(`/charge-points/${networkId}`);
    await expectAccessible(page, 'charge-point');
    await page.getByRole('button', { name: 'Ask for status' }).click();
    await page.getByRole('tab', { name: 'Commands' }).click();
    await page.getByText('TriggerMessage').first().waitFor();
    await expectAccessible(page, 'commands');
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.getByText('TriggerMessage').first().waitFor();
    await expectAccessible(page, 'messages');
  });

  test('some are selected: they get a tag, and a command of any kind', async () => {
    const [first, second] = [await register(console.csms), await register(console.csms)];
    const page = await console.open('/charge-points');
    for (const { networkId } of [first, second])
      await page.getByRole('row').filter({ hasText: networkId }).getByRole('checkbox').check();
    const bar = page.getByRole('region', { name: 'What is selected' });
    await bar.getByText('2 selected').waitFor();
    await bar.getByRole('button', { name: 'Tags' }).click();
    await page.getByRole('combobox', { name: 'Add' }).fill('harbour');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 charge points have other tags now.').waitFor();
    await page.getByRole('row').filter({ hasText: second.networkId }).getByText('harbour').waitFor();
    await bar.getByRole('button', { name: 'Command' }).click();
    await page.getByRole('menuitem', { name: 'Another command …' }).click();
    await page.getByText('To 2 charge points', { exact: true }).waitFor();
  });
});
