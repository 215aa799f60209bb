import type { FlagCode } from '../flags.ts';
import type { MeterValueGroup } from '../meter-values/read-meter-values.ts';
import { type PlausibleTimes, readTime } from '../times.ts';
import type { LedgerEvent } from './merge-events.ts';

/** A 2.x TransactionEvent. What the schema requires may be missing all the same. */
export interface EventRequest {
  eventType?: string;
  timestamp?: string;
  triggerReason?: string;
  seqNo?: number;
  offline?: boolean;
  reservationId?: number;
  transactionInfo?: { transactionId?: string; chargingState?: string; stoppedReason?: string; remoteStartId?: number };
  evse?: { id?: number; connectorId?: number };
  idToken?: { idToken: string; type?: string };
  meterValue?: readonly MeterValueGroup[];
}

/** An event without a number has its place before all others. */
const noSeqNo = -1;

export function readEvent(
  said: EventRequest,
  receivedAt: string,
  plausible: PlausibleTimes,
): Omit<LedgerEvent, 'isNewSeqNo'> {
  const { seqNo = noSeqNo, offline = false, evse = {}, idToken, transactionInfo: info = {} } = said;
  const time = readTime(said.timestamp, receivedAt, plausible);
  const flags: FlagCode[] = [...time.flags];
  if (offline) flags.push('offline');
  if (seqNo === noSeqNo) flags.push('no-seqno');
  return {
    seqNo,
    type: eventTypeOf(said.eventType),
    at: time.at,
    raw: time.raw,
    receivedAt,
    evseId: evse.id,
    connectorId: evse.connectorId,
    idToken: idToken && { idToken: idToken.idToken, type: idToken.type ?? '' },
    tokenStops: said.eventType === 'Ended' || said.triggerReason === 'StopAuthorized',
    chargingState: info.chargingState,
    stoppedReason: info.stoppedReason,
    remoteStartId: info.remoteStartId,
    reservationId: said.reservationId,
    flags,
  };
}

function eventTypeOf(text: string | undefined): LedgerEvent['type'] {
  return text === 'Started' || text === 'Ended' ? text : 'Updated';
}
