/** message-manager alone over a folder, as the all-in-one wires it: filled over the bus, asked over its REST routes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bus, createMemoryBus, createMemoryParking } from '@ocpp-csms/bus';
import { createApiKeys, createHttp } from '@ocpp-csms/http';
import { createMessageManager } from '@ocpp-csms/message-manager';
import { createLog, systemClock } from '@ocpp-csms/runtime';
import BetterSqlite3 from 'better-sqlite3';
import { benchSettings } from '../servers/bench-settings.ts';
import { createTraffic } from './traffic.ts';

export interface OpenLog {
  bus: Bus;
  /** Of a path under `/message-manager`; rejects when the answer is no success. */
  get<Body>(path: string): Promise<Body>;
  close(): Promise<void>;
}

/** Rows of one commit while filling. */
const batchSize = 2000;
/** Messages on their way: enough that the next batch is ready when one was committed. */
const inFlight = 4 * batchSize;
/** A mean, so that the bus need not measure each. */
const messageBytes = 700;

export async function openLog(directory: string, synchronous: 'full' | 'normal'): Promise<OpenLog> {
  const settings = benchSettings(directory);
  settings.storage.synchronous = synchronous;
  settings.messageManager.retentionDays = 0;
  const log = createLog({ service: 'bench', settings: settings.log });
  const bus = createMemoryBus({
    groups: { MessagesIn: ['message-manager'], MessagesSent: ['message-manager'], Events: [] },
    parking: createMemoryParking(),
    batchSize,
    deadlineMs: 60_000,
    sizeOf: () => messageBytes,
    log,
  });
  const manager = await createMessageManager({ settings, bus, log, clock: systemClock, directory });
  const keys = await createApiKeys({ dataDir: directory, configured: [] });
  const authorization = `Bearer ${(await readFile(keys.adminKeyFile, 'utf8')).trim()}`;
  const http = await createHttp({ settings, log, version: '0.0.0', keys });
  http.app.register(manager.routes, { prefix: '/message-manager' });
  await manager.start();
  const { port } = await http.listen();
  return {
    bus,
    async get<Body>(path: string) {
      const url = `http://127.0.0.1:${port}/message-manager${path}`;
      const response = await fetch(url, { headers: { authorization } });
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
      return (await response.json()) as Body;
    },
    async close() {
      await http.close();
      await bus.stop({ timeoutMs: 10_000 });
      await manager.stop();
    },
  };
}

/** Seconds that it took. */
export async function fillLog(
  directory: string,
  { count, endsAt, progress }: { count: number; endsAt: number; progress: (stored: number) => void },
): Promise<number> {
  const startedAt = performance.now();
  // What is in the files is the same, and nobody cuts the power.
  const log = await openLog(directory, 'normal');
  const traffic = createTraffic({ count, endsAt });
  let stored = 0;
  let under: Promise<unknown> = Promise.resolve();
  while (stored < count) {
    const size = Math.min(inFlight / 2, count - stored);
    const chunk = Array.from({ length: size }, () => traffic.next());
    const published = Promise.all(
      chunk.map((envelope) => log.bus.publish(envelope.origin === 'client' ? 'MessagesIn' : 'MessagesSent', envelope)),
    );
    // One chunk is made while the one before is stored.
    await under;
    under = published;
    stored += size;
    if (stored % 100_000 === 0) progress(stored);
  }
  await under;
  await log.close();
  return (performance.now() - startedAt) / 1000;
}

/** The filling is faster than any fleet, and leaves behind the index that in operation is at most a minute behind the log. */
export async function indexLog(directory: string): Promise<void> {
  const log = await openLog(directory, 'normal');
  const database = new BetterSqlite3(join(directory, 'message-manager.sqlite'), { readonly: true });
  const waiting = database.prepare('SELECT max(seq) - (SELECT indexed_to FROM log_state) FROM blocks').pluck();
  while (Number(waiting.get()) > 0) await pause(100);
  database.close();
  await log.close();
}
