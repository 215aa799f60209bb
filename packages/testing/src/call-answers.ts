import type { JsonObject, OcppVersion } from '@ocpp-csms/ocpp';
import { CallError } from './client.ts';
import { defaultAnswer } from './default-answers.ts';

export type PlainHandler = (payload: JsonObject) => unknown;

/** What a charge point answers to CALLs: by the handler of the test, else the default. A `CallError` is a CALLERROR. */
export function createCallAnswers(version: OcppVersion) {
  const handlers = new Map<string, PlainHandler>();
  return {
    set: (action: string, handler: PlainHandler) => void handlers.set(action, handler),
    async answerTo(action: string, payload: JsonObject): Promise<unknown> {
      const handler = handlers.get(action);
      try {
        if (handler !== undefined) return await handler(payload);
      } catch (error) {
        return error instanceof CallError ? error : new CallError('InternalError', String(error));
      }
      const unknown = new CallError('NotImplemented', `This charge point knows no ${action}`);
      return defaultAnswer(version, action, payload) ?? unknown;
    },
  };
}
