import { createIdSource, type Envelope } from '@ocpp-csms/bus';

const newId = createIdSource();
const start = Date.parse('2026-01-02T03:00:00.000Z');

/** A time so many milliseconds after 2026-01-02T03:00:00Z. */
export const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString();

export type Part = Omit<Partial<Envelope>, 'body'> & { body?: Partial<Envelope['body']> };

/** A Heartbeat of CP001, but for what is said otherwise. */
export function message({ body, ...rest }: Part = {}): Envelope {
  const id = newId();
  return {
    serverNode: 'node1',
    client: 'CP001',
    messageTime: at(0),
    id,
    origin: 'client',
    connection: 1_790_000_000_000_000,
    seq: 1,
    protocol: 'ocpp1.6',
    ...rest,
    body: { direction: 2, msgId: `m-${id}`, messageType: 'Heartbeat', messageBody: {}, ...body },
  };
}

/** So many Heartbeats, 10 ms apart, of clients CP0 … CP(clients-1) in turn. */
export function heartbeats(count: number, { clients = 10, fromMs = 0 } = {}): Envelope[] {
  return Array.from({ length: count }, (_, n) =>
    message({ client: `CP${n % clients}`, messageTime: at(fromMs + n * 10) }),
  );
}

/** An answer of ours to a CALL of a charge point, or of a charge point to one of ours. */
export function answerTo(call: Envelope, { body, ...rest }: Part = {}): Envelope {
  return message({
    client: call.client,
    origin: call.origin === 'client' ? 'server' : 'client',
    answerTo: call.id,
    ...rest,
    body: { direction: 3, msgId: call.body.msgId, messageType: call.body.messageType, ...body },
  });
}
