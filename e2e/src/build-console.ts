import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtFrom, hashSources } from '@ocpp-csms/console/sources';

const builder = join(import.meta.dirname, '../../apps/console/build/main.ts');

/** Once, before all tests: those of the console run side by side, and would build it into the same folder. */
export default async function buildConsole(): Promise<void> {
  if (builtFrom() === hashSources()) return;
  await promisify(execFile)(process.execPath, [builder]);
}
