import { type FlagCode, withFlags } from '../flags.ts';

/** A 2.x TransactionEvent, as far as the ledger wants it. */
export interface LedgerEvent {
  seqNo: number;
  type: 'Started' | 'Updated' | 'Ended';
  /** ISO 8601 UTC. */
  at: string;
  raw: string;
  receivedAt: string;
  /** No other event of this transaction had this number before. */
  isNewSeqNo: boolean;
  evseId?: number;
  connectorId?: number;
  idToken?: { idToken: string; type: string };
  /** The token was presented to end it. */
  tokenStops: boolean;
  chargingState?: string;
  stoppedReason?: string;
  remoteStartId?: number;
  reservationId?: number;
  flags: readonly FlagCode[];
}

/** A value with its place in the transaction. */
interface Placed<Value> {
  place: string;
  value: Value;
}
interface Moment {
  at: string;
  raw: string;
  receivedAt: string;
}
interface PresentedIdToken {
  idToken: string;
  type: string;
}

/**
 * What the events of a transaction amount to. It comes out the same in whatever order they arrive (field-faults row
 * 42): each member is the one with the lowest, or highest, place among those that have arrived.
 */
export interface Merged {
  /** Distinct sequence numbers, and the highest: fewer than that plus one, and some are missing. */
  seqNos: number;
  highestSeqNo: number;
  earliest?: Placed<Moment>;
  started?: Placed<Moment>;
  ended?: Placed<Moment & { reason: string | null }>;
  evseId?: Placed<number>;
  connectorId?: Placed<number>;
  /** The first token that was presented: it pays. */
  idToken?: Placed<PresentedIdToken>;
  stopToken?: Placed<PresentedIdToken>;
  chargingState?: Placed<string>;
  remoteStartId?: Placed<number>;
  reservationId?: Placed<number>;
  flags: FlagCode[];
}

export const noEvents: Merged = { seqNos: 0, highestSeqNo: -1, flags: [] };

export function mergeEvent(merged: Merged, event: LedgerEvent): Merged {
  const place = placeOf(event);
  const { at, raw, receivedAt } = event;
  const moment = { at, raw, receivedAt };
  const put = <Value>(value: Value | undefined) => (value === undefined ? undefined : { place, value });
  return {
    seqNos: merged.seqNos + (event.isNewSeqNo ? 1 : 0),
    highestSeqNo: Math.max(merged.highestSeqNo, event.seqNo),
    earliest: first(merged.earliest, put(moment)),
    started: first(merged.started, event.type === 'Started' ? put(moment) : undefined),
    ended: last(
      merged.ended,
      event.type === 'Ended' ? put({ ...moment, reason: event.stoppedReason ?? null }) : undefined,
    ),
    evseId: first(merged.evseId, put(event.evseId)),
    connectorId: first(merged.connectorId, put(event.connectorId)),
    idToken: first(merged.idToken, put(event.idToken)),
    stopToken: last(merged.stopToken, event.tokenStops ? put(event.idToken) : undefined),
    chargingState: last(merged.chargingState, put(event.chargingState)),
    remoteStartId: first(merged.remoteStartId, put(event.remoteStartId)),
    reservationId: first(merged.reservationId, put(event.reservationId)),
    flags: withFlags(merged.flags, ...event.flags, ...newFlags(merged, event, place)),
  };
}

function newFlags(merged: Merged, event: LedgerEvent, place: string): FlagCode[] {
  const flags: FlagCode[] = [];
  if (!event.isNewSeqNo) flags.push('seqno-reused');
  if (event.type === 'Started' && merged.started !== undefined && merged.started.place !== place) {
    flags.push('transaction-id-reused');
  }
  return flags;
}

/** By sequence number; then by time, for charge points that use one twice. */
function placeOf({ seqNo, at, type, raw }: LedgerEvent): string {
  return `${String(seqNo + 1).padStart(16, '0')} ${at} ${type} ${raw}`;
}

function first<Value>(one: Placed<Value> | undefined, other: Placed<Value> | undefined): Placed<Value> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.place < one.place ? other : one;
}

function last<Value>(one: Placed<Value> | undefined, other: Placed<Value> | undefined): Placed<Value> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.place > one.place ? other : one;
}
