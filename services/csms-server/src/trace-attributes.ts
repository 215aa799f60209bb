import type { Envelope } from '@ocpp-csms/bus';

/** What a trace says of a message (docs/operations/traces.md). */
export function attributesOf({ client, body, protocol }: Envelope): Record<string, string> {
  return {
    'ocpp.network_id': client,
    'ocpp.message_id': body.msgId,
    'ocpp.action': body.messageType,
    'ocpp.version': protocol ?? 'unknown',
  };
}
