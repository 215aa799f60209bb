import type { MessageFacts } from '@ocpp-csms/calls';
import { boundedKey } from '@ocpp-csms/storage';
import { tokenKey } from '../authorization/token-store.ts';
import type { SessionContext } from '../context.ts';
import { type ReadTime, readTime } from '../times.ts';

/** What a 1.6 StartTransaction says. */
export interface Start {
  client: string;
  connectorId: number | null;
  idToken: string;
  meterStart: number | null;
  reservationId: number | null;
  time: ReadTime;
  receivedAt: string;
  /** What makes it the same start: connector, token, the time as text, and the meter. */
  key: string;
}

/** What the schema requires may be missing all the same. */
interface StartRequest {
  connectorId?: number;
  idTag?: string;
  meterStart?: number;
  reservationId?: number;
  timestamp?: string;
}

export function readStart(
  request: StartRequest,
  { networkId, receivedAt }: MessageFacts,
  context: SessionContext,
): Start {
  const { connectorId = null, idTag = '', meterStart = null, reservationId = null, timestamp } = request;
  const time = readTime(timestamp, receivedAt, context.plausibleTimes);
  const key = boundedKey(JSON.stringify([connectorId, tokenKey(idTag), time.raw, meterStart]));
  return { client: networkId, connectorId, idToken: idTag, meterStart, reservationId, time, receivedAt, key };
}
