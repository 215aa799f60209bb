import type { Envelope } from '@ocpp-csms/bus';
import type { RpcErrorCode } from '@ocpp-csms/ocpp';

export type StoredAnswer = { ok: true; payload: unknown } | { ok: false; code: RpcErrorCode; description: string };

/** The envelope that carries a decision to the node and connection that asked for it. */
export function answerEnvelope(call: Envelope, answer: StoredAnswer, { id, now }: { id: string; now: Date }): Envelope {
  const { serverNode, client, connection, protocol, tenant, traceparent, body } = call;
  const messageBody = answer.ok
    ? answer.payload
    : { errorCode: answer.code, errorDescription: answer.description, errorDetails: {} };
  return {
    serverNode,
    client,
    messageTime: now.toISOString(),
    body: { direction: answer.ok ? 3 : 4, msgId: body.msgId, messageType: body.messageType, messageBody },
    id,
    origin: 'server',
    ...(connection === undefined ? {} : { connection }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(traceparent === undefined ? {} : { traceparent }),
    answerTo: call.id,
  };
}
