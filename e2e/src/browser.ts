import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { ensureDebianPrograms } from './debian-programs.ts';

/** `CHROMIUM` names another browser than the one of the system. */
const findBrowser = () =>
  [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== '' && existsSync(path),
  );

const missing = findBrowser() === undefined ? await ensureDebianPrograms(['chromium']) : undefined;

/** For the name of what is skipped: why there is no browser to test in. */
export const noBrowser = missing === undefined ? undefined : ` (not tested: ${missing})`;

export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
}
