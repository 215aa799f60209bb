export { type MessageArchive, type MessageArchiveOptions, openMessageArchive } from './archive.ts';
export { inspectAzureLog } from './azure-tables/inspect-azure-log.ts';
export { migrations as messageLogMigrations } from './block-log/schema.ts';
export type { LoggedMessage } from './message.ts';
export { createMessageManager, type MessageManager, type MessageManagerOptions } from './service.ts';
