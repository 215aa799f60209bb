import type { OcppVersion } from '@ocpp-csms/ocpp';
import { withDirections } from './directions.ts';
import type { LeftOut, LogEntry } from './log-entry.ts';
import { type LoggedCall, pairAnswers } from './pair-answers.ts';
import { protocolOf } from './protocol-of.ts';
import { type Log, readLog } from './read-log.ts';
import type { Recording, Step } from './recording.ts';
import { timelineOf } from './timeline.ts';

export interface RecordOptions {
  /** Which charge point, where the log has several; what it is called, where the log names none. */
  client?: string;
  /** Where the log does not show it. */
  version?: OcppVersion;
  /** For logs without any time. */
  now: Date;
}

export interface Recorded {
  recording: Recording;
  /** Messages of this charge point that did not get into the recording. */
  leftOut: LeftOut[];
  otherLines: number[];
  /** Lines of CALLs that either side may send, where nothing told which; taken as the charge point's. */
  guessed: number[];
}

/** There is nothing to record, or a choice to make. */
export class NotRecorded extends Error {
  override readonly name = 'NotRecorded';
}

const unnamed = 'CP-RECORDED';

/** A recording of one charge point, from a log that may have others. */
export async function record(lines: AsyncIterable<string>, options: RecordOptions): Promise<Recorded> {
  const log = await readLog(lines);
  const { client, entries } = chooseClient(log, options.client);
  const protocol = options.version ?? (await protocolOf(entries));
  const { calls, leftOut, guessed } = pairAnswers(withDirections(entries, protocol));
  if (calls.length === 0) throw new NotRecorded(`There is no CALL of ${client} in it.`);
  const { start, offsets } = timelineOf(
    calls.map(({ entry }) => entry),
    options.now,
  );
  return {
    recording: {
      networkId: client,
      protocol,
      startedAt: new Date(start).toISOString(),
      steps: stepsOf(calls, offsets),
    },
    leftOut: [...log.leftOut, ...leftOut].toSorted((a, b) => a.line - b.line),
    otherLines: log.otherLines,
    guessed,
  };
}

function chooseClient({ entries, leftOut }: Log, wanted: string | undefined): { client: string; entries: LogEntry[] } {
  const clients = [...new Set(entries.flatMap(({ client }) => client ?? []))];
  if (entries.length === 0) {
    const unread =
      leftOut.length === 0 ? '' : `; ${leftOut.length} could not be read, the first in line ${leftOut[0]?.line}`;
    throw new NotRecorded(`There is no OCPP message in it${unread}.`);
  }
  const client = wanted ?? clients[0] ?? unnamed;
  if (clients.length === 0 || (clients.length === 1 && clients[0] === client)) return { client, entries };
  const names = clients.toSorted().join(', ');
  if (wanted === undefined) throw new NotRecorded(`It has several charge points. Choose one with --client: ${names}`);
  if (!clients.includes(wanted)) throw new NotRecorded(`It has no ${wanted}, but: ${names}`);
  const named = withNames(entries);
  leftOut.push(...withoutName(named));
  return { client, entries: named.filter((entry) => entry.client === client) };
}

/** Some gateways name the charge point with the CALL alone: an answer is of whoever asked last with its id. */
function withNames(entries: readonly LogEntry[]): LogEntry[] {
  const askedBy = new Map<string, string>();
  return entries.map((entry) => {
    const { frame, client } = entry;
    if (client === undefined) return { ...entry, client: askedBy.get(frame.msgId) };
    if (frame.type === 2) askedBy.set(frame.msgId, client);
    return entry;
  });
}

function withoutName(entries: readonly LogEntry[]): LeftOut[] {
  return entries
    .filter(({ client }) => client === undefined)
    .map(({ line }) => ({ line, why: 'does not say which charge point it is of' }));
}

function stepsOf(calls: readonly LoggedCall[], offsets: readonly number[]): Step[] {
  let connection: number | undefined;
  return calls.map(({ entry, from, action, payload, answer }, index) => {
    const isAgain = connection !== undefined && entry.connection !== undefined && entry.connection !== connection;
    connection = entry.connection ?? connection;
    return {
      at: offsets[index] ?? 0,
      from,
      action,
      payload,
      ...(answer === undefined ? {} : { answer }),
      ...(isAgain ? { reconnects: true as const } : {}),
    };
  });
}
