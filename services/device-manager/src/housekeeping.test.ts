import { defaultSettings } from '@ocpp-csms/config';
import { expect, test } from 'vitest';
import { handlers } from './handlers.ts';
import { createHousekeeping } from './housekeeping.ts';
import { testDeviceManagers } from './test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

test('of each charge point the latest are kept; commands as long as is set', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.connect('CP001');
  await dm.command('CP001', 'ClearCache');
  await dm.withDatabase(async (database) => {
    const rows = (networkId: string, count: number) =>
      Array.from({ length: count }, (_, n) => [
        `${networkId}-${String(n).padStart(5, '0')}`,
        networkId,
        'x',
        'now',
        'now',
      ]);
    const sql =
      'insert into security_event (security_event_id, network_id, type, occurred_at, received_at) values (?, ?, ?, ?, ?)';
    await database.bulk([{ sql, rows: [...rows('CP001', 1200), ...rows('CP002', 10)] }]);
    const count = async (table: 'security_event' | 'command' | 'configuration') =>
      (await database.read.selectFrom(table).selectAll().execute()).length;
    // A report that never ends.
    await database.bulk([
      {
        sql: "insert into configuration (network_id, name, attribute, secret, source, at) values ('CP001', ?, 'Actual', 0, 'read', ?)",
        rows: Array.from({ length: 10_005 }, (_, n) => [`name-${n}`, String(n).padStart(5, '0')]),
      },
    ]);
    let now = Date.now();
    const housekeeping = createHousekeeping({
      database,
      clock: { now: () => new Date(now) },
      settings: defaultSettings(),
    });
    await housekeeping();
    expect(await count('security_event')).toBe(1010);
    expect(await count('configuration')).toBe(10_000);
    expect(await count('command')).toBe(1);
    now += 91 * 86_400_000;
    await housekeeping();
    expect(await count('command')).toBe(0);
  });
  const [latest] = (await dm.rest('GET', '/charge-points/CP001/security-events?limit=1')).body.items;
  expect(latest.securityEventId).toBe('CP001-01199');
});

test('Heartbeats, meter values and transactions cost nothing here: no handler asks for them', () => {
  const wanted = new Set(handlers.map(({ action }) => action));
  for (const action of [
    'Heartbeat',
    'MeterValues',
    'Authorize',
    'StartTransaction',
    'StopTransaction',
    'TransactionEvent',
  ])
    expect(wanted.has(action)).toBe(false);
});
