import { randomUUID } from 'node:crypto';
import { defaultSettings, type Settings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { type Azurite, azurite } from '@ocpp-csms/testing';
import { onTestFinished, type TestContext } from 'vitest';
import { openAzureLog } from '../azure-tables/azure-log-store.ts';
import type { LogStore } from '../log-store.ts';

/** Azurite, or the test is skipped with the reason. */
export async function azuriteOrSkip({ skip }: Pick<TestContext, 'skip'>): Promise<Azurite> {
  const server = await azurite();
  if ('missing' in server) {
    if (!hasSaidMissing) process.stderr.write(`\nNOT TESTED on Azure tables: ${server.missing}\n\n`);
    hasSaidMissing = true;
    skip(server.missing);
  }
  return server as Azurite;
}

let hasSaidMissing = false;

/** A table of one test alone. */
export const newTable = (): string => `t${randomUUID().replaceAll('-', '')}`;

export function azureSettings({ connectionString }: Pick<Azurite, 'connectionString'>, table = newTable()): Settings {
  const settings = defaultSettings();
  settings.log = { ...settings.log, level: 'silent', dir: '', pretty: 'never' };
  useAzure(settings, connectionString, table);
  return settings;
}

export function useAzure(settings: Settings, connectionString: string, table: string): void {
  settings.messageManager.store = 'azure-tables';
  settings.azureTables = { connectionString, table };
}

export interface OpenAzure {
  now?: string;
  retentionDays?: number;
  onRecorded?(): void;
}

/** The store alone. It retries little, so that what the service refuses is seen soon. */
export async function openAzure(
  settings: Settings,
  { now = '2026-01-02T03:04:05.000Z', retentionDays = 0, onRecorded = () => undefined }: OpenAzure = {},
): Promise<LogStore> {
  settings.messageManager.retentionDays = retentionDays;
  const store = await openAzureLog({
    settings,
    log: createLog({ service: 'test', settings: settings.log }),
    clock: { now: () => new Date(now) },
    onRecorded,
    retries: { maxRetries: 2, retryDelayInMs: 20, maxRetryDelayInMs: 2000 },
  });
  onTestFinished(() => store.stop());
  return store;
}
