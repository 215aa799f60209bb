export { createSession, type Session, type SessionOptions } from './service.ts';
