import type { Envelope, EnvelopeDeviation } from '@ocpp-csms/bus';
import {
  actionInfo,
  contentHash,
  type Deviation,
  type Frame,
  formatCallError,
  formatCallResult,
  formatCallResultError,
  isJsonObject,
  type JsonObject,
  type ParsedFrame,
  parseFrame,
  type Reading,
  type ReadOptions,
  type RpcErrorCode,
  redact,
  redactText,
  redactUnread,
  spellErrorCode,
} from '@ocpp-csms/ocpp';
import { awaitDecision, published } from './answering.ts';
import type { NeutralAnswer } from './answers/plan.ts';
import { plans } from './answers/plans.ts';
import type { CallToSend } from './call-to-send.ts';
import { pump } from './calls-out.ts';
import { type Connection, ReceivedCall } from './connection.ts';
import { envelopeOf, type ServerContext } from './context.ts';
import { mayCall } from './registration.ts';
import { modelOf } from './server-metrics.ts';
import { limitInbound, store } from './storing.ts';
import { attributesOf } from './trace-attributes.ts';

type CallFrame = Extract<Frame, { type: 2 }>;
type SendFrame = Extract<Frame, { type: 6 }>;
type ResultFrame = Extract<Frame, { type: 3 }>;
type ErrorFrame = Extract<Frame, { type: 4 | 5 }>;

/** One text message of a charge point: from here to the bus, and the answer back. */
export function receiveText(connection: Connection, text: string, context: ServerContext) {
  if (context.guard.isUnavailable || connection.end !== undefined) return;
  const parsed = parseFrame(text, connection.protocol);
  connection.hasSpoken ||= parsed.ok;
  if (!parsed.ok) return receiveFault(connection, parsed, text, context);
  const { frame, deviations } = parsed;
  // It comes again on the next connection. Answers to CALLs of ours do not.
  if (context.isDraining && (frame.type === 2 || frame.type === 6)) return;
  switch (frame.type) {
    case 2:
      return receiveCall(connection, { frame, deviations, text }, context);
    case 6:
      return receiveSend(connection, { frame, deviations, text }, context);
    case 3:
      return receiveResult(connection, { frame, deviations, text }, context);
    default:
      return receiveError(connection, { frame, deviations, text }, context);
  }
}

interface Received<F extends Frame> {
  frame: F;
  deviations: readonly Deviation[];
  text: string;
}

function receiveCall(connection: Connection, { frame, deviations, text }: Received<CallFrame>, context: ServerContext) {
  const hash = contentHash(text);
  const arrival = connection.inbound.arrive({ msgId: frame.msgId, hash }, context.ticker.now);
  if (arrival.kind === 'in-progress') return limitInbound(connection, context);
  if (arrival.kind === 'answered') return answerAgain(connection, frame, arrival.text, context);

  const { msgId, action } = frame;
  const reply = decide(connection, frame, context);
  const envelope = envelopeOf(
    connection,
    'client',
    { direction: 2, msgId, messageType: action, messageBody: redact(action, reply.payload) },
    context,
  );
  addDeviations(envelope, joined(deviations, reply.deviations), { action, frame, text });
  const call = new ReceivedCall(connection, { hash, size: text.length, id: envelope.id, msgId, action });
  follow(call, envelope, context);
  applyReply(call, envelope, reply, context);
  connection.inbound.add(call);
  context.underWay.add(call);
  if (action === 'BootNotification') {
    connection.bootsUnderWay++;
    if (isJsonObject(reply.payload)) connection.model = modelOf(reply.payload);
  }
  store(connection, envelope, context, (isStored) => published(call, isStored, context));
}

/** A trace begins: the bus, the services and the answer are parts of it. */
function follow(call: ReceivedCall, envelope: Envelope, { tracer }: ServerContext): void {
  call.span = tracer.start(call.action, { kind: 'server', attributes: attributesOf(envelope) });
  if (call.span !== undefined) envelope.traceparent = call.span.traceparent;
}

/** What becomes of a CALL, before it is stored. `payload` as far as it was understood. */
type Reply =
  | { kind: 'result'; payload: unknown; deviations: readonly Deviation[]; result: object; tellsTime: boolean }
  | { kind: 'error'; payload: unknown; deviations: readonly Deviation[]; code: RpcErrorCode; description: string }
  | { kind: 'decision'; payload: JsonObject; deviations: readonly Deviation[]; neutral: NeutralAnswer };

const noDeviations: readonly Deviation[] = [];

function decide(connection: Connection, { action, payload }: CallFrame, context: ServerContext): Reply {
  const { protocol, registration } = connection;
  const plan = plans[protocol].get(action);
  if (plan === undefined) return refuseAction(connection, action, payload);
  if (!mayCall(connection, action)) {
    const description = `${registration}: wait until the BootNotification is accepted`;
    return { kind: 'error', payload, deviations: noDeviations, code: 'SecurityError', description };
  }
  const strict = isStrict(connection, context);
  const request = context.validators[protocol].readRequest(action, payload, strict ? strictly : undefined);
  const { deviations } = request;
  if (!request.ok) return { kind: 'error', payload, deviations, code: request.code, description: request.description };
  if (plan.kind === 'edge') {
    const result = plan.answer({
      now: context.iso(),
      registration,
      heartbeatIntervalSeconds: connection.heartbeatIntervalSeconds,
    });
    return { kind: 'result', payload: request.payload, deviations, result, tellsTime: plan.tellsTime === true };
  }
  if (plan.kind === 'neutral') return answerNeutrally(connection, action, plan.answer, request, context);
  return { kind: 'decision', payload: request.payload, deviations, neutral: plan.neutral };
}

const strictly: ReadOptions = { strict: true };

function isStrict(connection: Connection, { settings }: ServerContext): boolean {
  return connection.isStrict || settings.csmsServer.strict;
}

/** A neutral answer may repeat what was asked, and that may be what was understood rather than what is valid. */
function answerNeutrally(
  { protocol }: Connection,
  action: string,
  answer: NeutralAnswer,
  { payload, deviations }: Extract<Reading, { ok: true }>,
  context: ServerContext,
): Reply {
  const result = answer(payload, context.iso());
  if (result !== undefined && context.validators[protocol].checkResponse(action, result).length === 0) {
    return { kind: 'result', payload, deviations, result, tellsTime: false };
  }
  return { kind: 'error', payload, deviations, code: 'NotSupported', description: `${action} is not supported` };
}

/** J16 §4.2.3, J2.x §4.3: NotImplemented is for what is not known, NotSupported for what is known and not for us. */
function refuseAction({ protocol }: Connection, action: string, payload: unknown): Reply {
  const info = actionInfo(protocol, action);
  const refuse = (code: RpcErrorCode, description: string): Reply => {
    return { kind: 'error', payload, deviations: noDeviations, code, description };
  };
  if (info === undefined) {
    return refuse('NotImplemented', `${protocol} has no action ${JSON.stringify(action.slice(0, 60))}`);
  }
  if (info.kind === 'send') return refuse('NotSupported', `${action} is sent as SEND, without an answer`);
  return refuse('NotSupported', `${action} is not for a charge point to ask`);
}

function applyReply(call: ReceivedCall, envelope: Envelope, reply: Reply, context: ServerContext) {
  const { protocol } = call.connection;
  switch (reply.kind) {
    case 'result':
      envelope.answer = { direction: 3, messageTime: envelope.messageTime, messageBody: reply.result };
      call.decided = { text: formatCallResult(call.msgId, reply.result) };
      call.isRemembered = !reply.tellsTime;
      return;
    case 'error':
      envelope.answer = {
        direction: 4,
        messageTime: envelope.messageTime,
        messageBody: errorBody(spellErrorCode(protocol, reply.code), reply.description),
      };
      call.decided = { text: formatCallError(protocol, call.msgId, reply) };
      return;
    case 'decision':
      call.isRemembered = call.action !== 'Authorize';
      return awaitDecision(call, reply.neutral, reply.payload, context);
  }
}

function errorBody(errorCode: string, errorDescription: string): object {
  return { errorCode, errorDescription, errorDetails: {} };
}

/** The same CALL came again on this connection: the same text goes out again, and the log says so. */
function answerAgain(connection: Connection, { msgId, action }: CallFrame, text: string, context: ServerContext): void {
  if (!connection.write(text)) return;
  const [direction, , third, description] = JSON.parse(text) as [3 | 4, string, unknown, string?];
  const messageBody = direction === 3 ? third : errorBody(String(third), description ?? '');
  const envelope = envelopeOf(connection, 'server', { direction, msgId, messageType: action, messageBody }, context);
  envelope.deviations = [
    { rule: 'repeat', path: '', made: 'the charge point repeated the CALL and got the same answer again' },
  ];
  context.facts.sent(envelope);
}

/** J21 §4.2.4: no answer, whatever it holds. What no service may see travels as a frame that could not be read. */
function receiveSend(
  connection: Connection,
  { frame, deviations, text }: Received<SendFrame>,
  context: ServerContext,
): void {
  const { msgId, action, payload } = frame;
  const reading = context.validators[connection.protocol].readRequest(action, payload);
  const problem = reading.ok
    ? mayCall(connection, action)
      ? undefined
      : 'the charge point is not accepted yet'
    : reading.description;
  const body =
    reading.ok && problem === undefined
      ? { direction: 6 as const, msgId, messageType: action, messageBody: redact(action, reading.payload) }
      : { direction: 0 as const, msgId, messageType: '', messageBody: {} };
  const envelope = envelopeOf(connection, 'client', body, context);
  const notes: Deviation[] = problem === undefined ? [] : [{ rule: 'refused', path: '', made: `ignored: ${problem}` }];
  addDeviations(envelope, [...deviations, ...reading.deviations, ...notes], { action, frame, text });
  store(connection, envelope, context);
}

/** A frame that is none: kept with its text, answered where OCPP has an answer for it. */
function receiveFault(
  connection: Connection,
  fault: Extract<ParsedFrame, { ok: false }>,
  text: string,
  context: ServerContext,
) {
  if (fault.reason === 'empty') return;
  const envelope = envelopeOf(
    connection,
    'client',
    { direction: 0, msgId: fault.msgId, messageType: '', messageBody: {} },
    context,
  );
  envelope.raw = redactUnread(text);
  envelope.deviations = [
    {
      rule: 'frame',
      path: '',
      made: fault.answerable ? `answered with ${fault.code}: ${fault.description}` : `ignored: ${fault.description}`,
    },
  ];
  if (!fault.answerable) return store(connection, envelope, context);
  const messageBody = errorBody(spellErrorCode(connection.protocol, fault.code), fault.description);
  envelope.answer = { direction: 4, messageTime: envelope.messageTime, messageBody };
  const call = new ReceivedCall(connection, {
    hash: contentHash(text),
    size: text.length,
    id: envelope.id,
    msgId: fault.msgId,
    action: '',
  });
  call.decided = { text: formatCallError(connection.protocol, fault.msgId, fault) };
  connection.inbound.add(call);
  context.underWay.add(call);
  store(connection, envelope, context, (isStored) => published(call, isStored, context));
}

/** A CALLRESULT: matched by connection and message id, and never answered (field-faults 27). */
function receiveResult(
  connection: Connection,
  { frame, deviations, text }: Received<ResultFrame>,
  context: ServerContext,
) {
  const match = matchAnswer(connection, frame.msgId);
  if (match === undefined) return receiveUnsolicited(connection, frame, frame.payload, context);
  const { call } = match;
  const strict = isStrict(connection, context);
  const reading = context.validators[connection.protocol].readResponse(call.action, frame.payload, { strict });
  const body = reading.ok
    ? {
        direction: 3 as const,
        msgId: frame.msgId,
        messageType: call.action,
        messageBody: redact(call.action, reading.payload),
      }
    : {
        direction: 4 as const,
        msgId: frame.msgId,
        messageType: call.action,
        messageBody: errorBody(reading.code, `The answer can't be understood: ${reading.description}`),
      };
  const envelope = envelopeOf(connection, 'client', body, context);
  const notes: Deviation[] = reading.ok
    ? []
    : [{ rule: 'answer', path: '', made: `taken as an error: ${reading.description}` }];
  addDeviations(envelope, [...deviations, ...reading.deviations, ...notes, ...lateNote(match.kind)], {
    action: call.action,
    frame,
    text,
  });
  if (!reading.ok && strict && connection.protocol === 'ocpp2.1')
    refuseResult(connection, frame.msgId, reading, context);
  finishAnswer(connection, call, envelope, context);
}

/** J21 §4.2.3: 2.1 can say that an answer was not understood. */
function refuseResult(
  connection: Connection,
  msgId: string,
  { code, description }: { code: RpcErrorCode; description: string },
  context: ServerContext,
) {
  if (!connection.write(formatCallResultError(msgId, { code, description }))) return;
  context.facts.sent(
    envelopeOf(
      connection,
      'server',
      { direction: 5, msgId, messageType: '', messageBody: errorBody(code, description) },
      context,
    ),
  );
}

/** A CALLERROR answers our CALL. A CALLRESULTERROR says that our answer was not understood: it is kept, nothing else. */
function receiveError(
  connection: Connection,
  { frame, deviations, text }: Received<ErrorFrame>,
  context: ServerContext,
) {
  const errorDetails = isJsonObject(frame.details) ? frame.details : {};
  // A charge point may quote in it what it was asked, the password of a URL included.
  const messageBody = redact('DataTransfer', {
    errorCode: frame.code,
    errorDescription: frame.description,
    errorDetails,
  });
  if (frame.type === 5) {
    const envelope = envelopeOf(
      connection,
      'client',
      { direction: 5, msgId: frame.msgId, messageType: '', messageBody },
      context,
    );
    context.log.warn(
      { networkId: connection.networkId, msgId: frame.msgId, errorCode: frame.code },
      'The charge point could not understand an answer',
    );
    addDeviations(envelope, deviations, { action: '', frame, text });
    return store(connection, envelope, context);
  }
  const match = matchAnswer(connection, frame.msgId);
  if (match === undefined) return receiveUnsolicited(connection, frame, messageBody, context);
  const { call } = match;
  const envelope = envelopeOf(
    connection,
    'client',
    { direction: 4, msgId: frame.msgId, messageType: call.action, messageBody },
    context,
  );
  addDeviations(envelope, [...deviations, ...lateNote(match.kind)], { action: call.action, frame, text });
  finishAnswer(connection, call, envelope, context);
}

function matchAnswer(connection: Connection, msgId: string): { kind: 'answer' | 'late'; call: CallToSend } | undefined {
  if (!connection.hasOutbound) return undefined;
  const match = connection.outbound.answered(msgId);
  return match.kind === 'unsolicited' ? undefined : match;
}

function lateNote(kind: 'answer' | 'late'): Deviation[] {
  return kind === 'late' ? [{ rule: 'late', path: '', made: 'came after the CALL had ended; kept' }] : [];
}

/** The answer goes to everybody, and to the one who asked; the next CALL need not wait for that. */
function finishAnswer(connection: Connection, call: CallToSend, envelope: Envelope, context: ServerContext): void {
  const outcome = envelope.body.direction === 3 ? 'answered' : 'refused';
  const { action, writtenAt: since } = call;
  context.metrics.sentCallEnded({ version: connection.protocol, action, since }, outcome);
  if (call.span !== undefined) envelope.traceparent = call.span.traceparent;
  call.span?.end({ outcome });
  envelope.answerTo = call.id;
  envelope.request = call.request;
  const { replyTo } = call;
  store(connection, envelope, context, () => {
    if (replyTo === undefined) return;
    context.bus.send(replyTo, envelope, { timeoutMs: 5000 }).catch((error: unknown) => {
      context.log.warn(
        { networkId: envelope.client, msgId: call.msgId, replyTo, action: call.action, reason: String(error) },
        'Who asked could not be told the answer; it is in the log',
      );
    });
  });
  pump(connection, context);
}

function receiveUnsolicited(
  connection: Connection,
  frame: ResultFrame | ErrorFrame,
  body: unknown,
  context: ServerContext,
): void {
  const direction = frame.type === 3 ? 3 : 4;
  context.log.warn(
    { networkId: connection.networkId, msgId: frame.msgId },
    'The charge point answered something that was not asked',
  );
  const envelope = envelopeOf(
    connection,
    'client',
    { direction, msgId: frame.msgId, messageType: '', messageBody: redact('DataTransfer', body) },
    context,
  );
  envelope.deviations = [
    { rule: 'unsolicited', path: '', made: 'ignored: no CALL of ours on this connection has this message id' },
  ];
  store(connection, envelope, context);
}

function joined(some: readonly Deviation[], others: readonly Deviation[]): readonly Deviation[] {
  if (some.length === 0) return others;
  return others.length === 0 ? some : [...some, ...others];
}

/** What was not as it should be, with the text it was found in. Secrets are in neither. */
function addDeviations(
  envelope: Envelope,
  deviations: readonly Deviation[],
  { action, frame, text }: { action: string; frame: Frame; text: string },
): void {
  if (deviations.length === 0) return;
  if (!('payload' in frame)) {
    envelope.deviations = deviations;
    envelope.raw = redactUnread(text);
    return;
  }
  const secretFree = redact(action, frame.payload);
  const isClean = secretFree === frame.payload;
  envelope.deviations = isClean ? deviations : deviations.map(withoutValue);
  envelope.raw = isClean
    ? redactText(text)
    : JSON.stringify(
        'action' in frame ? [frame.type, frame.msgId, action, secretFree] : [frame.type, frame.msgId, secretFree],
      );
}

function withoutValue({ rule, path, made }: Deviation): EnvelopeDeviation {
  return { rule, path, made };
}
