import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ocpp-csms/testing';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { readAdminKey } from '../src/admin-key.ts';
import { launchBrowser, noBrowser } from '../src/browser.ts';
import { type SpawnedCsms, spawnCsms } from '../src/spawn-csms.ts';

const axe = createRequire(import.meta.url).resolve('axe-core');
/** `CONSOLE_SCREENSHOTS=folder` keeps pictures of what was seen. */
const screenshots = process.env.CONSOLE_SCREENSHOTS;
const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
/** What moves is looked at while it moves otherwise: colours on their way are none. */
const still: BrowserContextOptions = { reducedMotion: 'reduce' };
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** The console of a CSMS of its own, in a browser in which the administrator has signed in. */
export interface ConsoleInBrowser {
  csms: SpawnedCsms;
  browser: Browser;
  /**
   * A page, closed when the test has ended. It fails the test if it asked for something elsewhere, or if something
   * failed in it or was stopped by its policy.
   */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Tests of the console in a browser; skipped, with the reason, where there is none. */
export function describeInBrowser(name: string, tests: (console: ConsoleInBrowser) => void): void {
  describe.skipIf(noBrowser !== undefined)(`the console in a browser: ${name}${noBrowser ?? ''}`, () =>
    tests(startAndStop()),
  );
}

function startAndStop(): ConsoleInBrowser {
  let folder: string;
  let signedIn: Awaited<ReturnType<typeof signIn>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-console-'));
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    started.csms = await spawnCsms({ dataDir, port: await freePort() });
    started.browser = await launchBrowser();
    signedIn = await signIn(started, await readAdminKey(dataDir));
  });
  afterAll(async () => {
    await started.browser?.close();
    await started.csms?.kill();
    // A demo that was started beside it ends a moment later.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  const started = {
    async open(path, options = desktop) {
      const context = await started.browser.newContext({ ...still, ...options, storageState: signedIn });
      const page = await context.newPage();
      const trouble = troubleOf(page, started.csms.httpUrl);
      onTestFinished(async () => {
        await context.close();
        expect(trouble).toEqual([]);
      });
      await page.goto(`${started.csms.httpUrl}${path}`);
      return page;
    },
  } as ConsoleInBrowser;
  return started;
}

async function signIn({ browser, csms }: ConsoleInBrowser, key: string) {
  const context = await browser.newContext(desktop);
  const page = await context.newPage();
  await page.goto(csms.httpUrl);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

function troubleOf(page: Page, ownOrigin: string): string[] {
  const trouble: string[] = [];
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const isOwn = protocol === 'data:' || protocol === 'blob:' || origin === ownOrigin;
    if (!isOwn) trouble.push(`asked for ${request.url()}`);
  });
  return trouble;
}

/** The same page in the dark. */
export async function turnDark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
}

/** As text, since it runs in the browser: what changes its look, such as its colours, has done so. */
const standsStill = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  const ends = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ends.map(({ finished }) => finished));
  await frame();
})()`;

/** WCAG 2 A and AA, as far as a program can say. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(standsStill);
  if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, `${name}.png`) });
  // By the debugger: the policy of the page lets no foreign script in.
  await page.evaluate(await readFile(axe, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    const result = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
    );
  });
  expect(violations, name).toEqual([]);
}

interface Violation {
  id: string;
  nodes: { html: string }[];
}
