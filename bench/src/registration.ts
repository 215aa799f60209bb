/** Many registered charge points in a data folder, for parts that need them to be there. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAllInOne } from '@ocpp-csms/all-in-one';
import { createLog } from '@ocpp-csms/runtime';
import BetterSqlite3 from 'better-sqlite3';
import { benchSettings } from './servers/bench-settings.ts';

export const password = 'password-of-the-bench';
const networkIdOf = (index: number) => `cp-${index}`;

/**
 * The first is registered over the API; the others are copies of its row with names of their own, since 100,000 API
 * calls would take minutes. All have the same password. Returns their networkIds.
 */
export async function registerChargePoints(directory: string, count: number): Promise<string[]> {
  if (count > 0) {
    await registerFirst(directory);
    copyFirst(join(directory, 'device-manager.sqlite'), count);
  }
  return Array.from({ length: count }, (_, index) => networkIdOf(index));
}

async function registerFirst(directory: string): Promise<void> {
  const settings = benchSettings(directory);
  const system = await createAllInOne({ settings, log: createLog({ service: 'bench', settings: settings.log }) });
  await system.start();
  const key = (await readFile(system.adminKeyFile, 'utf8')).trim();
  const { statusCode, body } = await system.http.app.inject({
    method: 'POST',
    url: '/device-manager/charge-points',
    headers: { authorization: `Bearer ${key}` },
    payload: { networkId: networkIdOf(0), password },
  });
  await system.stop();
  if (statusCode !== 201) throw new Error(`a charge point could not be registered: ${body}`);
}

/** Whatever columns there are: only what names a charge point differs. */
const differing: Readonly<Record<string, string>> = {
  charge_point_id: "charge_point_id || '-' || n",
  network_id: "'cp-' || n",
  name: "'cp-' || n",
};

function copyFirst(file: string, count: number): void {
  const database = new BetterSqlite3(file);
  const columns = database.prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)');
  const names = columns.all('charge_point').map(({ name }) => name);
  database
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
       INSERT INTO charge_point (${names.join(', ')})
       SELECT ${names.map((name) => differing[name] ?? name).join(', ')}
       FROM charge_point, numbers WHERE network_id = ? AND n < ?`,
    )
    .run(count, networkIdOf(0), count);
  database.close();
}
