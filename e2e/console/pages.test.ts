import type { BrowserContextOptions } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { boot, startTransaction } from '../src/charge-1.6.ts';
import { connect, newToken, register } from '../src/scenes.ts';
import { describeInBrowser, expectAccessible, phone } from './in-browser.ts';

const pages = [
  '/board',
  '/charge-points',
  '/transactions',
  '/messages',
  '/commands',
  '/commands?view=history',
  '/configuration',
  '/tokens',
  '/tokens?view=log',
  '/tokens?view=local',
  '/reservations',
  '/not-connected',
  '/system',
  '/system?view=parked',
  '/system?view=changes',
  '/system?view=settings',
  '/system?view=log',
];
const tabs = ['messages', 'commands', 'configuration', 'transactions', 'charging', 'jobs', 'security', 'history'];

const ways: readonly [string, BrowserContextOptions][] = [
  ['dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }],
  ['on a phone', phone],
];

describeInBrowser('every page', (console) => {
  let networkId: string;
  beforeAll(async () => {
    ({ networkId } = await register(console.csms));
  });

  test.each(ways)('%s: reads well for everybody, says what it is, and nothing fails in it', async (name, options) => {
    const chargePoint = await connect(console.csms, { networkId });
    await boot(chargePoint);
    await startTransaction(chargePoint, await newToken(console.csms));
    const all = [...pages, ...['overview', ...tabs].map((tab) => `/charge-points/${networkId}?tab=${tab}`)];
    const page = await console.open('/board', options);
    for (const path of all) {
      await page.goto(`${console.csms.httpUrl}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // What is asked for has come.
      await page.waitForLoadState('load');
      await expect.poll(() => page.locator('[role="status"][aria-label$="being read"]').count()).toBe(0);
      await expectAccessible(page, `${name} ${path.replaceAll(/\W+/g, '-')}`);
    }
  });

  test('what is needed before the first page is no more than 300 kB, compressed', async () => {
    const page = await console.open('/board');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const sizes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map((entry) => ({ name: entry.name, bytes: Reflect.get(entry, 'encodedBodySize') as number }))
        .filter(({ name: address }) => address.includes('/assets/')),
    );
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(300_000);
  });
});
