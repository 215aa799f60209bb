import type { Settings } from '@ocpp-csms/config';
import { openTable } from './table.ts';

/**
 * Whether the table of the settings can be read, or made where it is not there yet. Resolves with where it is; rejects
 * with a sentence for the operator. Makes and changes nothing.
 */
export async function inspectAzureLog({ azureTables: { connectionString, table } }: Settings): Promise<string> {
  const retries = { maxRetries: 1, retryDelayInMs: 200, maxRetryDelayInMs: 1000 };
  await openTable({ connectionString, name: table, retries }).get('probe', 'probe');
  return `Azure table ${table}`;
}
