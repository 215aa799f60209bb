import { BusError, type Envelope } from '@ocpp-csms/bus';
import { actionInfo, formatCallError, formatCallResult, isJsonObject, redact, spellErrorCode } from '@ocpp-csms/ocpp';
import { decided, giveUp } from './answering.ts';
import { callToSend, pump } from './calls-out.ts';
import type { Connection, ReceivedCall } from './connection.ts';
import type { ServerContext } from './context.ts';
import { readErrorCode } from './error-code.ts';
import { forbidden } from './registration.ts';
import { attributesOf } from './trace-attributes.ts';

/** Takes what services want said. What can't be delivered is refused at once, with the reason in words (docs/bus.md). */
export async function takeMessageOut(
  envelope: Envelope,
  connection: Connection | undefined,
  context: ServerContext,
): Promise<void> {
  if (connection === undefined || !connection.isOpen) throw refusal('The charge point is not connected here');
  if (envelope.connection !== undefined && envelope.connection !== connection.epoch)
    throw refusal('The charge point has connected anew since');
  switch (envelope.body.direction) {
    case 3:
    case 4:
      return takeAnswer(envelope, connection, context);
    case 2:
      return takeCall(envelope, connection, context);
    default:
      throw refusal(`Messages of direction ${envelope.body.direction} are not sent to charge points`);
  }
}

function refusal(words: string): BusError {
  return new BusError('Refused', words);
}

function takeAnswer(envelope: Envelope, connection: Connection, context: ServerContext) {
  const call = connection.inbound.find(envelope.body.msgId, ({ id }) => id === envelope.answerTo);
  if (call === undefined || !context.undecided.has(call)) throw refusal('Nobody waits for this answer any more');
  const { protocol } = connection;
  const { direction, messageBody } = envelope.body;
  if (direction === 4) {
    const error = isJsonObject(messageBody) ? messageBody : {};
    const code = readErrorCode(error.errorCode);
    const description = String(error.errorDescription ?? '');
    const body = { errorCode: spellErrorCode(protocol, code), errorDescription: description, errorDetails: {} };
    return decided(
      call,
      { text: formatCallError(protocol, call.msgId, { code, description }), envelope: answerOf(envelope, call, body) },
      context,
    );
  }
  const [violation] = context.validators[protocol].checkResponse(call.action, messageBody);
  if (violation !== undefined) return refuseAnswer(call, `${violation.path} ${violation.message}`, context);
  decided(
    call,
    {
      text: formatCallResult(call.msgId, messageBody),
      envelope: answerOf(envelope, call, redact(call.action, messageBody)),
    },
    context,
  );
}

/** The answer as it is told to the log: for the message that it answers, whatever the owner wrote there. */
function answerOf(envelope: Envelope, call: ReceivedCall, messageBody: unknown): Envelope {
  const { msgId, action } = call;
  return { ...envelope, body: { direction: envelope.body.direction, msgId, messageType: action, messageBody } };
}

/** What we send is always valid: an owner that errs is treated as one that is silent. */
function refuseAnswer(call: ReceivedCall, problem: string, context: ServerContext): never {
  const { connection, action, msgId } = call;
  context.log.error(
    { networkId: connection.networkId, action, msgId, problem },
    'A decision is not valid OCPP and was not sent',
  );
  context.undecided.delete(call);
  if (call.isStored) giveUp(call, context);
  throw refusal(`The answer to ${action} is not valid: ${problem}`);
}

function takeCall(envelope: Envelope, connection: Connection, context: ServerContext) {
  const problem = problemOf(envelope, connection, context);
  if (problem !== undefined) throw refusal(problem);
  const call = callToSend(envelope, context);
  if (!connection.outbound.enqueue(call)) throw refusal('Too many CALLs wait for this charge point');
  call.span = context.tracer.start(call.action, {
    kind: 'client',
    parent: envelope.traceparent,
    attributes: attributesOf(envelope),
  });
  context.busy.add(connection);
  pump(connection, context);
}

/** Why a CALL is not taken, in words. */
function problemOf(
  { body, notAfter, protocol }: Envelope,
  connection: Connection,
  context: ServerContext,
): string | undefined {
  if (protocol !== undefined && protocol !== connection.protocol)
    return `The charge point speaks ${connection.protocol} on this connection`;
  if (notAfter !== undefined && Date.parse(notAfter) < context.clock.now().getTime()) return 'Its time is over';
  const info = actionInfo(connection.protocol, body.messageType);
  // Every SEND of 2.1 is for charge points to send.
  if (info === undefined || info.from === 'charge-point')
    return `${connection.protocol} has no ${body.messageType} for a CSMS to send`;
  const notNow = forbidden(connection.registration, body.messageType);
  if (notNow !== undefined) return notNow;
  const [violation] = context.validators[connection.protocol].checkRequest(body.messageType, body.messageBody);
  return violation && `Not valid: ${violation.path} ${violation.message}`;
}
