import { type BlockLogOptions, openBlockLog } from './block-log/block-log-store.ts';
import type { LogStore } from './log-store.ts';

/** The store that the settings choose. */
export function openLogStore(options: BlockLogOptions): Promise<LogStore> {
  return openBlockLog(options);
}
