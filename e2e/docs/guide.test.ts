import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ocpp-csms/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { launchBrowser, noBrowser } from '../src/browser.ts';
import { type SpawnedCsms, spawnCsms } from '../src/spawn-csms.ts';

/** `GUIDE_SCREENSHOTS=folder` keeps pictures of what was seen. */
const screenshots = process.env.GUIDE_SCREENSHOTS;

describe.skipIf(noBrowser !== undefined)(`the guide in a browser${noBrowser ?? ''}`, () => {
  let dataDir: string;
  let csms: SpawnedCsms;
  let browser: Browser;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-guide-'));
    csms = await spawnCsms({ dataDir, port: await freePort() });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await csms?.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Nothing may be asked elsewhere, fail, or be stopped by the policy. */
  async function open(path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    const trouble: string[] = [];
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== 'data:' && origin !== csms.httpUrl) trouble.push(`asked for ${request.url()}`);
    });
    onTestFinished(async () => {
      await page.close();
      expect(trouble).toEqual([]);
    });
    await page.goto(`${csms.httpUrl}${path}`);
    return page;
  }

  const picture = async (page: Page, name: string) => {
    if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, `${name}.png`) });
  };

  test('from page to page by its links', async () => {
    const page = await open('/docs/guide');
    await picture(page, 'desktop-first');
    await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Redis', exact: true }).click();
    expect(new URL(page.url()).pathname).toBe('/docs/guide/operations/redis');
    expect(await page.locator('[aria-current=page]').innerText()).toBe('Redis');
    await picture(page, 'desktop-redis');
    await page.locator('a[rel=next]').click();
    await page.locator('a[rel=prev]').click();
    expect(await page.locator('h1').innerText()).toBe('Redis');
    await page.getByRole('link', { name: 'ocpp-csms guide' }).click();
    expect(new URL(page.url()).pathname).toBe('/docs/guide');
    await page.locator('article').getByRole('link', { name: 'Connect a charger' }).first().click();
    expect(new URL(page.url()).pathname).toBe('/docs/guide/connect-a-charger');
    await picture(page, 'desktop-connect');
  });

  test('by the keyboard alone: search while typing, choose, read', async () => {
    const page = await open('/docs/guide/operations/redis');
    await page.keyboard.press('/');
    await page.keyboard.type('wallbox');
    await page.locator('.live a').first().waitFor();
    await picture(page, 'search');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/connect-a-charger#by-brand');
    await page.goBack();
    await page.keyboard.press('/');
    await page.keyboard.type('adopt');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search?q=adopt');
    expect(await page.locator('.results li').count()).toBeGreaterThan(2);
    await picture(page, 'results');
  });

  test('on a phone nothing is wider than the screen, and the contents are folded', async () => {
    const page = await open('/docs/guide/troubleshooting', {
      viewport: { width: 375, height: 740 },
      colorScheme: 'dark',
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    expect(await page.locator('details.contents').getAttribute('open')).toBeNull();
    await picture(page, 'phone-dark');
    await page.locator('summary').click();
    await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Recipes' }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await picture(page, 'phone-recipes');
  });

  test('a command is copied as it stands', async () => {
    const page = await open('/docs/guide/get-started');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).nth(1).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('npm run simulate -- --id CP001');
  });

  test('without JavaScript it can be read and searched', async () => {
    const page = await open('/docs/guide', { javaScriptEnabled: false, colorScheme: 'dark' });
    await page.getByRole('searchbox').fill('backup');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/guide/search?q=backup');
    await page.locator('.results a').first().click();
    await picture(page, 'dark-desktop');
    expect(await page.locator('h1').count()).toBe(1);
  });
});
