export { type MessageArchive, type MessageArchiveOptions, openMessageArchive } from './archive.ts';
export type { LoggedMessage } from './message.ts';
export { createMessageManager, type MessageManager, type MessageManagerOptions } from './service.ts';
