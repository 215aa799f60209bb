import type { EdgeAnswer, Envelope, EnvelopeBody, EnvelopeDeviation } from '@ocpp-csms/bus';
import type { MessageRow } from './schema.ts';

export interface LoggedAnswer {
  direction: number;
  messageTime: string;
  messageBody: unknown;
  /** The message that the answer is; absent when csms-server answered by itself. */
  id?: string;
}

/** A message as the API gives it: the envelope, for a CALL with its answer. */
export interface LoggedMessage extends Omit<Envelope, 'answer' | 'deviations'> {
  deviations?: EnvelopeDeviation[];
  answer?: LoggedAnswer;
  /** From the CALL to its answer, in milliseconds. */
  latencyMs?: number;
}

type Extra = Omit<Partial<Envelope>, 'answer' | 'deviations'> & { inexactBody?: Partial<EnvelopeBody> };

/** Back from the row to the envelope that it was made of. */
export function toMessage(row: MessageRow): LoggedMessage {
  const { inexactBody, ...extra } = parsed<Extra>(row.extra) ?? {};
  const message: LoggedMessage = {
    serverNode: row.server_node,
    client: row.client,
    messageTime: timeText(row.message_time),
    body: {
      direction: row.direction as EnvelopeBody['direction'],
      msgId: row.msg_id,
      messageType: row.action,
      messageBody: parsed(row.body) ?? null,
      ...inexactBody,
    },
    id: row.id,
    origin: row.origin as Envelope['origin'],
    ...present({
      seq: row.connection_seq,
      connection: row.connection,
      protocol: row.protocol as Envelope['protocol'] | null,
      tenant: row.tenant,
      deviations: parsed<EnvelopeDeviation[]>(row.deviations),
      raw: row.raw,
      answerTo: row.answer_to,
      dropped: row.dropped,
    }),
    ...extra,
  };
  return withAnswer(message, row.message_time, parsed<EdgeAnswer>(row.answer));
}

/** Adds the answer to a CALL and how long it took. `time`: of the CALL, in milliseconds since 1970. */
export function withAnswer(message: LoggedMessage, time: number, answer: LoggedAnswer | undefined): LoggedMessage {
  if (answer === undefined) return message;
  const latencyMs = Date.parse(answer.messageTime) - time;
  return { ...message, answer, ...(Number.isNaN(latencyMs) ? {} : { latencyMs }) };
}

export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString();

function parsed<Value>(json: string | null): Value | undefined {
  return json === null ? undefined : (JSON.parse(json) as Value);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** Without the members that have no value. */
function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<T>;
}
