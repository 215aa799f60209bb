/** The web console in a browser, with many charge points: from a key or a click to the next picture. */
import { readAdminKey } from '@ocpp-csms/e2e/admin-key';
import { launchBrowser } from '@ocpp-csms/e2e/browser';
import buildConsole from '@ocpp-csms/e2e/build-console';
import { spawnCsms } from '@ocpp-csms/e2e/spawn-csms';
import { freePort } from '@ocpp-csms/testing';
import type { Page } from 'playwright-core';
import { withDataFolder } from '../data-folder.ts';
import type { Findings, Tools } from '../part.ts';
import { startGenerator } from '../processes.ts';
import { password, registerChargePoints } from '../registration.ts';
import { table } from '../report.ts';
import { percentile } from '../statistics.ts';

const targetMs = 100;
const connectWithinMs = 180_000;

interface Interaction {
  what: string;
  /** Of each event that the browser told of, until the next picture was shown. */
  durationsMs: number[];
}

/** What somebody does with a list that is long. */
const interactions: readonly { what: string; act: (page: Page) => Promise<void> }[] = [
  {
    what: 'type into the search',
    act: async (page) => {
      await page.getByLabel(/^Filter by name/).pressSequentially('cp-123', { delay: 80 });
      await page.getByText('cp-123', { exact: true }).first().waitFor();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('Delete');
    },
  },
  {
    what: 'filter by a state, and back',
    act: async (page) => {
      const chip = page.getByRole('group', { name: 'Filter by state' }).getByRole('button').first();
      await chip.click();
      await page.waitForURL(/state=/);
      await chip.click();
    },
  },
  {
    what: 'scroll with the keyboard',
    act: async (page) => {
      await page.getByRole('group', { name: 'Charge points, scrollable' }).focus();
      await page.keyboard.press('End');
      for (let press = 0; press < 10; press++) await page.keyboard.press('PageDown', { delay: 50 });
    },
  },
  {
    what: 'the palette: open, type, close',
    act: async (page) => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('dialog').getByRole('combobox').pressSequentially('cp-77', { delay: 80 });
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('Escape');
    },
  },
  {
    what: 'open a charge point, and back',
    act: async (page) => {
      await page.getByRole('link', { name: /^cp-/ }).first().click();
      await page.getByRole('tab', { name: 'Messages' }).click();
      await page.getByRole('tab', { name: 'Commands' }).click();
      await page.getByRole('link', { name: 'Charge points' }).first().click();
      await page.getByRole('group', { name: 'Filter by state' }).waitFor();
    },
  },
];

export async function measureConsole({ options: { storm: count, rounds }, progress }: Tools): Promise<Findings> {
  await buildConsole();
  return withDataFolder(async (dataDir) => {
    progress(`registering ${count}`);
    const networkIds = await registerChargePoints(dataDir, count);
    const csms = await spawnCsms({ dataDir, port: await freePort(), env: { CSMS_LOG_LEVEL: 'warn' } });
    const generator = startGenerator();
    const browser = await launchBrowser();
    try {
      progress(`${count} charge points connect`);
      await generator.storm({ kind: 'storm', port: csms.port, networkIds, password, withinMs: connectWithinMs });
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await signIn(page, csms.httpUrl, await readAdminKey(dataDir));
      const measured: Interaction[] = interactions.map(({ what }) => ({ what, durationsMs: [] }));
      for (let round = 0; round < rounds; round++) {
        for (const [index, { what, act }] of interactions.entries()) {
          progress(`round ${round + 1}/${rounds}: ${what}`);
          measured[index]?.durationsMs.push(...(await durationsOf(page, act)));
        }
      }
      return findings(count, measured);
    } finally {
      await browser.close();
      await generator.stop();
      await csms.kill();
    }
  });
}

async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(`${url}/charge-points`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('row').nth(5).waitFor();
}

/** By the browser's own Event Timing; the shortest that it tells of are 16 ms. */
async function durationsOf(page: Page, act: (page: Page) => Promise<void>): Promise<number[]> {
  await page.evaluate(watchEvents);
  await act(page);
  return page.evaluate(async () => {
    // The last picture is told of after it was shown.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { told } = globalThis as unknown as { told: { seen: number[]; end(): void } };
    told.end();
    return told.seen;
  });
}

/** As text: it runs in the browser, whose types are not those of Node.js. */
const watchEvents = `{
  const seen = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.push(duration);
  });
  observer.observe({ type: 'event', durationThreshold: 16 });
  globalThis.told = { seen, end: () => observer.disconnect() };
}`;

function findings(count: number, measured: readonly Interaction[]): Findings {
  const rows = measured.map(({ what, durationsMs }) => [
    what,
    String(durationsMs.length),
    percentile(durationsMs, 0.5).toFixed(0),
    percentile(durationsMs, 0.98).toFixed(0),
    Math.max(...durationsMs).toFixed(0),
  ]);
  const all = measured.flatMap(({ durationsMs }) => durationsMs);
  const worst = percentile(all, 0.98);
  const markdown = [
    `${count} charge points with two connectors each. From the event (key, click) to the next picture, as Chromium measures it (Event Timing, in steps of 8 ms, those from 16 ms on); without a graphics card, on the cores that serve it as well.`,
    table(['what is done', 'events', 'median ms', 'p98 ms', 'longest ms'], rows),
  ].join('\n\n');
  return {
    markdown,
    figures: { count, measured },
    targets: [
      {
        target: `interaction with ${count} charge points ≤ ${targetMs} ms (98 % of the events)`,
        reached: `${worst.toFixed(0)} ms`,
        held: worst <= targetMs,
      },
    ],
  };
}
