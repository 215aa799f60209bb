import { readFile } from 'node:fs/promises';
import { connectChargePoint, type TestChargePoint, until } from '@ocpp-csms/testing';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { boot, charge, report, stopTransaction } from '../src/charge-1.6.ts';
import { type LoggedMessage, newToken, password, register } from '../src/registry.ts';
import { type ConsoleInBrowser, describeInBrowser, expectAccessible, phone, turnDark } from './in-browser.ts';

const hostile = '<img src=x onerror="document.title=\'owned\'"> {{7*7}} \u202e‮evil';

async function connected(csms: ConsoleInBrowser['csms']): Promise<TestChargePoint<'ocpp1.6'>> {
  const { networkId } = await register(csms);
  const chargePoint = await connectChargePoint({ url: csms.wsUrl, networkId, password, protocol: 'ocpp1.6' });
  onTestFinished(async () => void (await chargePoint.close()));
  return chargePoint;
}

const rowsOf = (page: Page) => page.getByRole('treegrid', { name: 'Messages' }).locator('[data-row]');

describeInBrowser('messages', (console) => {
  test('tail and export messages: they come as they are said, stand still while paused, and go into a file', async () => {
    const chargePoint = await connected(console.csms);
    await boot(chargePoint);
    const page = await console.open(`/messages?client=${chargePoint.networkId}`);
    await page.getByText('BootNotification').first().waitFor();
    const before = await rowsOf(page).count();
    await chargePoint.call('Authorize', { idTag: 'LIVE' });
    await rowsOf(page).filter({ hasText: 'Authorize' }).filter({ hasText: 'ms' }).waitFor();
    expect(await rowsOf(page).count()).toBe(before + 1);

    await page.getByRole('button', { name: 'Pause' }).click();
    for (let count = 0; count < 3; count++) await chargePoint.call('Heartbeat', {});
    await page.getByRole('button', { name: 'Go on · 3 new' }).waitFor();
    expect(await rowsOf(page).count()).toBe(before + 1);
    await page.getByRole('button', { name: 'Go on · 3 new' }).click();
    await rowsOf(page).filter({ hasText: 'Heartbeat' }).nth(2).waitFor();

    await page.getByLabel('Filter by action, such as StatusNotification').fill('Heartbeat');
    await page.waitForURL(/action=Heartbeat/);
    await until('only Heartbeats are listed', async () => (await rowsOf(page).count()) === 3 || undefined);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as LoggedMessage).body.messageType)).toEqual(
      Array.from({ length: 3 }, () => 'Heartbeat'),
    );
    expect(download.suggestedFilename()).toMatch(/^messages-.*\.ndjson$/);
  });

  test('a message opens beside the list, by a link as well: its words explained, its deviations with the clause, the state then', async () => {
    const chargePoint = await connected(console.csms);
    await boot(chargePoint);
    const transactionId = await charge(chargePoint, await newToken(console.csms));
    await report(chargePoint, 'Faulted', { connectorId: 0, errorCode: 'GroundFailure', info: 'x'.repeat(60) });
    await stopTransaction(chargePoint, transactionId);
    await report(chargePoint, 'Available');
    const page = await console.open(`/messages?client=${chargePoint.networkId}&deviations=true`);
    await rowsOf(page).filter({ hasText: 'StatusNotification' }).first().click();
    await page.waitForURL(/message=/);
    const link = page.url().slice(console.csms.httpUrl.length);
    const pane = page.getByRole('complementary', { name: 'Message' });
    await pane.getByText('too-long · 1.6 §6.47').waitFor();
    await pane.getByRole('button', { name: '"GroundFailure"' }).hover();
    await page.getByRole('tooltip').getByText('Current to earth').waitFor();
    await pane.getByRole('button', { name: 'Show the state then' }).click();
    const then = pane.getByRole('region', { name: 'The state then' });
    await then.getByText('charging').first().waitFor();
    await then.getByRole('button', { name: `Copy transaction id ${transactionId}` }).waitFor();
    await then.getByText('Acme One 1.0').waitFor();
    await page.mouse.move(0, 0);
    await expectAccessible(page, 'messages-open');
    await turnDark(page);
    await expectAccessible(page, 'messages-open-dark');
    await page.keyboard.press('Escape');
    await pane.waitFor({ state: 'detached' });

    const again = await console.open(link, phone);
    await again.getByRole('dialog').getByText('too-long · 1.6 §6.47').waitFor();
    await expectAccessible(again, 'messages-open-phone');
    await again.getByRole('button', { name: 'Close' }).click();
    await again.getByRole('dialog').waitFor({ state: 'detached' });
    await expectAccessible(again, 'messages-phone');
  });

  test('two messages are compared, on the page of a charge point as well', async () => {
    const chargePoint = await connected(console.csms);
    await boot(chargePoint);
    await report(chargePoint, 'Charging', { info: 'second' });
    const page = await console.open(`/charge-points/${chargePoint.networkId}?tab=messages&action=StatusNotification`);
    for (const row of [0, 1]) await rowsOf(page).nth(row).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Compare' }).click();
    const content = page.getByRole('region', { name: 'Difference of Content' });
    await content.getByText('/status').waitFor();
    await content.getByText('"Charging"').waitFor();
    expect(await content.getByText('/connectorId').count()).toBe(0);
    await expectAccessible(page, 'messages-compare');
  });

  test('what a charge point sends is text, whatever it looks like', async () => {
    const chargePoint = await connected(console.csms);
    await chargePoint.call('DataTransfer', { vendorId: hostile, messageId: '__proto__', data: hostile.repeat(50) });
    chargePoint.sendRaw('[2,"<script>alert(1)</script>",');
    const page = await console.open(`/messages?client=${chargePoint.networkId}`);
    await rowsOf(page).filter({ hasText: 'DataTransfer' }).click();
    const pane = page.getByRole('complementary', { name: 'Message' });
    await pane.getByText('<img src=x onerror').first().waitFor();
    await rowsOf(page).filter({ hasText: 'not readable' }).click();
    await pane.getByText('<script>alert(1)</script>').first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Messages · ocpp-csms');
    await page.getByLabel('Filter by text in the content').fill('onerror="document');
    await page.waitForURL(/q=/);
    await until('only that is listed', async () => (await rowsOf(page).count()) === 1 || undefined);
  });

  test('10,000 messages are scrolled through, and hold still while others come', async () => {
    const chargePoints = await Promise.all(Array.from({ length: 8 }, () => connected(console.csms)));
    await Promise.all(
      chargePoints.map(async (chargePoint) => {
        for (let count = 0; count < 1250; count++) await chargePoint.call('Heartbeat', {});
      }),
    );
    const page = await console.open('/messages?action=Heartbeat');
    await rowsOf(page).first().waitFor();
    const scroller = page.getByRole('group', { name: 'Messages, scrollable' });
    const table = page.getByRole('treegrid', { name: 'Messages' });
    await until(
      'the end of the list is reached',
      async () => {
        await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
        return Number(await table.getAttribute('aria-rowcount')) > 10_000 || undefined;
      },
      { everyMs: 20, timeoutMs: 20_000 },
    );
    expect(await rowsOf(page).count()).toBeLessThan(80);
    await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
    const middle = page.locator('[data-row="5000"]');
    const seen = await middle.innerText();
    await chargePoints[0]?.call('Heartbeat', {});
    await page.getByRole('button', { name: '↑ 1 new' }).waitFor();
    expect(await middle.innerText()).toBe(seen);
    await page.getByRole('button', { name: '↑ 1 new' }).click();
    await until(
      'the newest are seen',
      async () => (await rowsOf(page).first().getAttribute('data-row')) === '0' || undefined,
    );
  });
});
