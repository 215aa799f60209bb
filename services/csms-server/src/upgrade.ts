import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AuthRecord } from '@ocpp-csms/cache';
import type { OcppVersion } from '@ocpp-csms/ocpp';
import type { BasicCredentials } from './basic-credentials.ts';

/** The words for a refusal that other programs may rely on (docs/bus.md). */
export type RefusalReason =
  | 'unknown-charge-point'
  | 'no-credentials'
  | 'wrong-credentials'
  | 'disabled'
  | 'subprotocol'
  | 'bad-id'
  | 'security-profile'
  | 'busy';

export interface Refusal {
  /** HTTP status. */
  status: 400 | 401 | 403 | 404 | 429 | 503;
  reason: RefusalReason;
  /** For the operator; the charge point sees none of it. */
  words: string;
  retryAfterSeconds?: number;
  /** Whether an operator wants to know of it: most overload is not about this charge point. */
  isRemembered: boolean;
}

/** An upgrade request on its way through the steps. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly remoteAddress: string;
  /** Whether TLS reached as far as a proxy that we trust, or us. */
  readonly isEncrypted: boolean;
  /** As the client prefers them. */
  readonly offered: readonly string[];
  readonly credentials: BasicCredentials | undefined;
  /** What is left of the path, decoded; empty until it is read. */
  networkId: string;
  record: AuthRecord | undefined;
  /** Undefined: the handshake is completed without the header and closed. */
  protocol: OcppVersion | undefined;
  /** What became of the auth record while the upgrade was being decided on; null: deleted. */
  changedTo?: AuthRecord | null;
}

/** Whether it was decided on an auth record that is none any more. */
export function isOvertaken({ record, changedTo }: Upgrade): boolean {
  if (changedTo === undefined) return false;
  return changedTo === null || changedTo.revision > (record?.revision ?? 0);
}

const statusTexts = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

/** The same for all: who is refused learns nothing from it. */
const body = 'Refused\n';

/** Refuses before the 101. The socket is ended and, when the other side does not, destroyed. */
export function writeRefusal(
  socket: Duplex,
  { status, retryAfterSeconds }: Pick<Refusal, 'status' | 'retryAfterSeconds'>,
): void {
  if (socket.destroyed || socket.writableEnded) return;
  const lines = [
    `HTTP/1.1 ${status} ${statusTexts[status]}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="ocpp", charset="UTF-8"'] : []),
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
