import { setTimeout as sleep } from 'node:timers/promises';
import { createIdSource, createMemoryBus, createMemoryParking, type Envelope } from '@ocpp-csms/bus';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { openDatabase } from '@ocpp-csms/storage';
import { postgresServerMissing, startPostgresServer } from '@ocpp-csms/storage/test-support';
import { expect, onTestFinished, test } from 'vitest';
import { migrations } from './migrations/index.ts';
import type { SessionSchema } from './schema.ts';
import { createSession } from './service.ts';

const range = (count: number) => Array.from({ length: count }, (_, n) => n);

test('transactions that end while PostgreSQL is killed, away and back are ended once, and all are answered', async ({
  skip,
}) => {
  const missing = postgresServerMissing();
  skip(missing !== undefined, missing);
  const server = await startPostgresServer();
  const settings = { ...defaultSettings(), postgresql: { url: server.url, maxConnections: 4 } };
  settings.storage = { driver: 'postgresql', synchronous: 'full' };
  settings.log = { ...settings.log, dir: '', level: 'silent' };
  const groups = { MessagesIn: ['session'], MessagesSent: [], Events: [] };
  const bus = createMemoryBus({ groups, parking: createMemoryParking(), retryDelaysMs: [50], batchSize: 5 });
  const log = createLog({ service: 'test', settings: settings.log });
  const newId = createIdSource();
  const session = await createSession({ settings, bus, log, clock: { now: () => new Date() }, newId, directory: '' });
  const database = await openDatabase<SessionSchema>({
    name: 'session',
    directory: '',
    migrations,
    postgresql: settings.postgresql,
  });
  onTestFinished(async () => {
    await session.stop();
    await database.close();
    await bus.stop({ timeoutMs: 1000 });
    await server.remove();
  });
  const answers = new Map<string, Record<string, unknown>>();
  await bus.receive('csms-1', async ({ answerTo, body }) => {
    answers.set(answerTo ?? '', body.messageBody as Record<string, unknown>);
  });
  await session.start();

  /** As csms-server does: the promise tells that the message is safe. */
  async function call(client: string, messageType: string, messageBody: Record<string, unknown>) {
    const id = newId();
    const envelope: Envelope = {
      serverNode: 'csms-1',
      client,
      messageTime: new Date().toISOString(),
      body: { direction: 2, msgId: id, messageType, messageBody },
      id,
      origin: 'client',
      connection: 1,
      protocol: 'ocpp1.6',
    };
    await bus.publish('MessagesIn', envelope);
    return answers.get(id);
  }

  const timestamp = new Date().toISOString();
  const started = await Promise.all(
    range(40).map((n) => call(`CP${n}`, 'StartTransaction', { connectorId: 1, idTag: 'T', meterStart: 0, timestamp })),
  );
  const stopping = range(40).map(async (n) => {
    await sleep(n * 20);
    const { transactionId } = started[n] ?? {};
    return call(`CP${n}`, 'StopTransaction', { transactionId, meterStop: 1000, timestamp: new Date().toISOString() });
  });
  await sleep(100);
  await server.stop('immediate');
  expect(await session.readiness()).toMatch(/^PostgreSQL 127\.0\.0\.1:\d+\/postgres cannot be reached/);
  await sleep(700);
  await server.start();
  const stopped = await Promise.all(stopping);
  expect(stopped.every((answer) => answer !== undefined)).toBe(true);
  const rows = await database.read
    .selectFrom('charging_transaction')
    .select(['active', 'energy_wh', 'flags'])
    .execute();
  expect(rows).toEqual(range(40).map(() => ({ active: 0, energy_wh: 1000, flags: expect.any(String) })));
  const evidence = await database.read.selectFrom('evidence').selectAll().where('repeated', '=', 0).execute();
  expect(evidence.length).toBe(80);
  expect(await bus.parked.count()).toBe(0);
  expect(await session.readiness()).toBeUndefined();
});
