import type { Envelope } from '@ocpp-csms/bus';
import { formatCall, redact } from '@ocpp-csms/ocpp';
import type { CallToSend } from './call-to-send.ts';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { forbidden, noteTriggered } from './registration.ts';

/** Close code for "service restart": the charge point connects anew, and hears again. */
const serviceRestart = 1012;

/** Writes the next CALL, when it is its turn and the charge point may be spoken to. */
export function pump(connection: Connection, context: ServerContext) {
  while (mayWrite(connection, context)) {
    const taken = connection.outbound.take(context.ticker.now);
    if (taken === undefined) break;
    if (taken.kind === 'expired') dropped(taken.call, 'its time was over before it could be written', context);
    else return writeCall(connection, taken.call, context);
  }
  if (connection.outbound.isIdle) context.busy.delete(connection);
}

/**
 * Nothing goes out while a boot is not answered, nor in the first moments of a connection on which the charge point
 * has not spoken: some answer that with a reboot (field-faults 30).
 */
function mayWrite(connection: Connection, { ticker, settings }: ServerContext): boolean {
  if (!connection.isOpen || connection.bootsUnderWay > 0) return false;
  return connection.hasSpoken || ticker.now - connection.openedAt >= settings.csmsServer.settleSeconds * 1000;
}

function writeCall(connection: Connection, call: CallToSend, context: ServerContext): void {
  const { envelope } = call;
  call.envelope = undefined;
  if (envelope === undefined) return;
  const { messageType, messageBody } = envelope.body;
  noteTriggered(connection, messageType, messageBody);
  connection.write(formatCall(call.msgId, messageType, messageBody));
  call.writtenAt = performance.now();
  context.facts.sent({
    ...withoutSecrets(envelope, call),
    messageTime: context.iso(),
    seq: connection.nextSeq(),
  });
}

function withoutSecrets(envelope: Envelope, call: CallToSend): Envelope {
  return { ...envelope, body: { ...envelope.body, messageBody: call.request } };
}

/** Accepted, but never written. */
export function dropped(call: CallToSend, reason: string, context: ServerContext): void {
  if (call.envelope === undefined) return;
  const { protocol: version = 'ocpp1.6' } = call.envelope;
  context.metrics.sentCallEnded({ version, action: call.action }, 'dropped');
  call.span?.end({ failed: reason });
  context.facts.sent({
    ...withoutSecrets(call.envelope, call),
    messageTime: context.iso(),
    dropped: reason,
  });
}

export function callToSend(envelope: Envelope, context: ServerContext): CallToSend {
  const { id, body, replyTo, notAfter } = envelope;
  const call: CallToSend = {
    id,
    msgId: body.msgId,
    action: body.messageType,
    request: redact(body.messageType, body.messageBody),
    replyTo,
    envelope,
  };
  if (notAfter !== undefined) call.notAfter = context.ticker.now + Date.parse(notAfter) - context.clock.now().getTime();
  return call;
}

/** Timeouts, and the end of the settle time, for the connections that have CALLs. */
export function checkCalls(now: number, context: ServerContext): void {
  for (const connection of context.busy) {
    const call = connection.outbound.tick(now, connection.heardAt);
    if (call !== undefined) timedOut(connection, call, context);
    pump(connection, context);
  }
}

function timedOut(connection: Connection, call: CallToSend, context: ServerContext): void {
  const { unanswered } = connection.outbound;
  const { networkId, epoch } = connection;
  unansweredCall(connection, call, 'timeout', context);
  if (unanswered < context.settings.csmsServer.unansweredCallsUntilDeaf || !connection.isOpen) return;
  context.facts.happened(aboutOf(connection), 'ChargePointDeaf', { connection: epoch, unanswered });
  context.log.warn(
    { networkId, unanswered },
    'The charge point talks but answers no CALL: it is disconnected once, so that it connects anew',
  );
  connection.close(serviceRestart, 'CALLs are not answered');
}

export function unansweredCall(
  connection: Connection,
  call: CallToSend,
  reason: 'timeout' | 'closed',
  context: ServerContext,
): void {
  const { id, msgId, action } = call;
  const outcome = reason === 'timeout' ? 'timed-out' : 'closed';
  context.metrics.sentCallEnded({ version: connection.protocol, action, since: call.writtenAt }, outcome);
  call.span?.end({ failed: outcome });
  context.facts.happened(aboutOf(connection), 'CallUnanswered', { callId: id, msgId, action, reason });
}

/** After a change of the registration: what may not be sent any more is not. */
export function dropForbidden(connection: Connection, context: ServerContext): void {
  if (!connection.hasOutbound) return;
  for (const call of connection.outbound.dropWhere(
    ({ action }) => forbidden(connection.registration, action) !== undefined,
  )) {
    dropped(call, forbidden(connection.registration, call.action) ?? '', context);
  }
}

/** The connection is gone, and with it the CALLs. */
export function abandonCalls(connection: Connection, context: ServerContext): void {
  context.busy.delete(connection);
  if (!connection.hasOutbound) return;
  const { inFlight, queued } = connection.outbound.close();
  if (inFlight !== undefined) unansweredCall(connection, inFlight, 'closed', context);
  for (const call of queued) dropped(call, 'the connection closed before it could be written', context);
}

export function aboutOf({ networkId, tenant }: Connection): { client: string; tenant: string } {
  return { client: networkId, tenant };
}
