import { handlersOf } from '@ocpp-csms/calls';
import type { SessionContext } from './context.ts';

/** The three ways to write a handler of this service. */
export const { onCall, onMessage, onAnswer } = handlersOf<SessionContext>();
