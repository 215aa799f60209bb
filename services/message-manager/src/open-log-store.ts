import { openAzureLog } from './azure-tables/azure-log-store.ts';
import { type BlockLogOptions, openBlockLog } from './block-log/block-log-store.ts';
import type { LogStore } from './log-store.ts';

/** The store that the settings choose. */
export function openLogStore(options: BlockLogOptions): Promise<LogStore> {
  switch (options.settings.messageManager.store) {
    case 'azure-tables':
      return openAzureLog(options);
    case 'database':
      return openBlockLog(options);
  }
}
