import type { Envelope } from '@ocpp-csms/bus';
import { formatCallResult, type JsonObject } from '@ocpp-csms/ocpp';
import type { NeutralAnswer } from './answers/plan.ts';
import { pump } from './calls-out.ts';
import type { ReceivedCall } from './connection.ts';
import { envelopeOf, type ServerContext } from './context.ts';
import type { CallOutcome } from './server-metrics.ts';
import { unlimitInbound } from './storing.ts';

/** Close code for "come again later". */
const tryAgainLater = 1013;

/** The decision has so much time from now on. */
export function awaitDecision(
  call: ReceivedCall,
  neutral: NeutralAnswer,
  request: JsonObject,
  context: ServerContext,
): void {
  call.decideBy = context.ticker.now + context.settings.csmsServer.decisionTimeoutSeconds * 1000;
  call.request = request;
  call.neutral = neutral;
  context.undecided.add(call);
}

/** The message is stored: the answer goes out when it is there too. What is not stored gets none. */
export function published(call: ReceivedCall, isStored: boolean, context: ServerContext) {
  if (!isStored) return leaveUnanswered(call, context);
  call.isStored = true;
  if (!call.connection.isOpen) return abandon(call, context);
  if (call.decided !== undefined) finish(call, context);
  else if (!context.undecided.has(call)) giveUp(call, context);
}

/** The decision of its owner is there. */
export function decided(
  call: ReceivedCall,
  answer: { text: string; envelope: Envelope },
  context: ServerContext,
): void {
  context.undecided.delete(call);
  call.decided = answer;
  if (call.isStored) finish(call, context);
}

/** Looks for calls whose owner was silent for too long. */
export function checkDecisions(now: number, context: ServerContext): void {
  for (const call of context.undecided) {
    // They wait in the order in which they came, and all for the same time.
    if (call.decideBy > now) return;
    context.undecided.delete(call);
    // While it is not stored, it is not answered: the deadline of the bus decides.
    if (call.isStored) giveUp(call, context);
  }
}

/** Nobody decided: a neutral answer, or none at all where any would do harm (design.md §6). */
export function giveUp(call: ReceivedCall, context: ServerContext): void {
  const { connection, action, msgId } = call;
  context.undecided.delete(call);
  const result = call.neutral?.(call.request ?? {}, context.iso());
  const about = { networkId: connection.networkId, action, msgId };
  if (result === undefined) {
    context.log.error(
      about,
      'No decision in time and no harmless answer: the charge point is disconnected, works offline and repeats it',
    );
    leaveUnanswered(call, context);
    context.closeUndecided(connection, tryAgainLater, `No decision about ${action}; try again`);
    return;
  }
  context.log.error(about, 'No decision in time: a neutral answer was given');
  const envelope = envelopeOf(
    connection,
    'server',
    { direction: 3, msgId, messageType: action, messageBody: result },
    context,
  );
  envelope.answerTo = call.id;
  if (call.span !== undefined) envelope.traceparent = call.span.traceparent;
  call.decided = { text: formatCallResult(msgId, result), envelope };
  call.isNeutral = true;
  if (call.isStored) finish(call, context);
}

/** Its connection is gone. */
export function abandon(call: ReceivedCall, context: ServerContext): void {
  context.undecided.delete(call);
  context.underWay.delete(call);
  call.span?.end({ failed: 'the connection is gone' });
}

/** What waits behind it goes on. */
function leaveUnanswered(call: ReceivedCall, context: ServerContext): void {
  const { connection } = call;
  context.undecided.delete(call);
  context.underWay.delete(call);
  if (call.action === 'BootNotification') connection.bootsUnderWay--;
  tellEnd(call, 'unanswered', context);
  flush(call, '', context);
}

function finish(call: ReceivedCall, context: ServerContext): void {
  flush(call, call.decided?.text ?? '', context);
}

/** Writes the answers whose turn it is now that this one is there. */
function flush(answered: ReceivedCall, text: string, context: ServerContext): void {
  const { connection } = answered;
  for (const call of connection.inbound.answer(answered, text)) write(call, context);
  unlimitInbound(connection, context);
  if (connection.hasOutbound) pump(connection, context);
}

function write(call: ReceivedCall, context: ServerContext): void {
  const { connection, decided } = call;
  context.underWay.delete(call);
  if (call.action === 'BootNotification') connection.bootsUnderWay--;
  if (decided === undefined) return;
  for (let copy = 0; copy < call.copies; copy++) {
    if (connection.write(decided.text)) continue;
    call.span?.end({ failed: 'the connection is gone' });
    return;
  }
  // '[3' or '[4': a CALLRESULT or a CALLERROR.
  tellEnd(call, call.isNeutral ? 'neutral' : decided.text.startsWith('[3') ? 'answered' : 'refused', context);
  if (call.isRemembered) connection.inbound.remember(call, decided.text, context.ticker.now);
  if (decided.envelope === undefined) return;
  context.facts.sent({
    ...decided.envelope,
    messageTime: context.iso(),
    seq: connection.nextSeq(),
  });
}

function tellEnd(call: ReceivedCall, outcome: CallOutcome, { metrics }: ServerContext): void {
  const { connection, action, decideBy, receivedAt } = call;
  metrics.callEnded({ version: connection.protocol, action, isDecision: decideBy > 0, since: receivedAt }, outcome);
  if (outcome === 'unanswered') call.span?.end({ failed: 'it was not answered' });
  else call.span?.end({ outcome });
}
