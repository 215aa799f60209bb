export type { SessionSchema } from './schema.ts';
export { createSession, type Session, type SessionOptions } from './service.ts';
export { skipNumbers } from './storage/sequence.ts';
export { sessionTransfer } from './transfer.ts';
