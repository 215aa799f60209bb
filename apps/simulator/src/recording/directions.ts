import { actionInfo, type OcppVersion } from '@ocpp-csms/ocpp';
import type { LogEntry } from './log-entry.ts';
import type { Side } from './recording.ts';

/** `from` of each entry, as far as the log or the specification tells it. */
export function withDirections(entries: readonly LogEntry[], protocol: OcppVersion): LogEntry[] {
  const writer = writerOf(entries, protocol);
  return entries.map((entry) => ({
    ...entry,
    from: entry.from ?? senderByAction(entry, protocol) ?? senderByWay(entry, writer),
  }));
}

function senderByAction({ frame }: LogEntry, protocol: OcppVersion): Side | undefined {
  if (frame.type !== 2 && frame.type !== 6) return undefined;
  const from = actionInfo(protocol, frame.action)?.from;
  return from === 'both' ? undefined : from;
}

function senderByWay({ way }: LogEntry, writer: Side | undefined): Side | undefined {
  if (way === undefined || writer === undefined) return undefined;
  return way === 'out' ? writer : other(writer);
}

/** Whose log it is shows in the CALLs that only one side sends: "sent Heartbeat" is from a charge point. */
function writerOf(entries: readonly LogEntry[], protocol: OcppVersion): Side | undefined {
  let votes = 0;
  for (const entry of entries) {
    const sender = senderByAction(entry, protocol);
    if (sender === undefined || entry.way === undefined) continue;
    votes += (sender === 'charge-point') === (entry.way === 'out') ? 1 : -1;
  }
  if (votes === 0) return undefined;
  return votes > 0 ? 'charge-point' : 'csms';
}

export const other = (side: Side): Side => (side === 'csms' ? 'charge-point' : 'csms');
