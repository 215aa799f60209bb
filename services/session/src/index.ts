export { createSession, type Session, type SessionOptions } from './service.ts';
export { sessionTransfer } from './transfer.ts';
