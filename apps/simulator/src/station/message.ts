import type { JsonObject } from '@ocpp-csms/ocpp';

/** One action with its payload, in the words of a version. */
export interface Message {
  action: string;
  payload: JsonObject;
}
