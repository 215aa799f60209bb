import { setTimeout as pause } from 'node:timers/promises';
import { isJsonObject } from '@ocpp-csms/ocpp';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import type { LoggedMessage } from './answers.ts';
import type { Api, Query } from './api.ts';
import { readEvents } from './event-stream.ts';

export interface FollowOptions {
  /** Of the last message that was seen: what came since is sent first. */
  lastId: string | undefined;
  /** What is said beside the messages. */
  note(line: string): void;
  /** Milliseconds without a sign of life until the connection counts as lost; the server gives one every 15 s. */
  silenceMs?: number;
}

const pausesMs = [1000, 2000, 5000, 10_000];

/** Messages as they come, without end. Rejects with a `Failure` when the API refuses it, or is not there at the begin. */
export async function* followMessages(
  api: Api,
  query: Query,
  { lastId, note, silenceMs = 45_000 }: FollowOptions,
): AsyncGenerator<LoggedMessage> {
  let attempts = 0;
  let wasConnected = false;
  for (;;) {
    try {
      for await (const event of liveEvents(api, query, lastId, silenceMs)) {
        if (event === 'connected') {
          if (attempts > 0) note('Connected again.');
          attempts = 0;
          wasConnected = true;
        } else if (event.event === 'gap') note(gapWords(event.data));
        else if (event.event === 'message') {
          yield messageIn(event.data);
          lastId = event.id;
        }
      }
    } catch (error) {
      if (!wasConnected || !mayPass(error)) throw error;
    }
    if (attempts === 0) note(`The connection to ${api.url} was lost; it is tried again until it is back.`);
    await pause(pausesMs[Math.min(attempts++, pausesMs.length - 1)]);
  }
}

async function* liveEvents(api: Api, query: Query, lastId: string | undefined, silenceMs: number) {
  const connection = new AbortController();
  const silence = setTimeout(() => connection.abort(new Error('nothing was heard any more')), silenceMs);
  try {
    const stream = await api.open('/message-manager/messages/stream', {
      query,
      headers: { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
      signal: connection.signal,
    });
    yield 'connected' as const;
    yield* readEvents(stream, () => silence.refresh());
  } finally {
    clearTimeout(silence);
    connection.abort();
  }
}

/** A server that is away, or has no room now. Whoever may not will not be let in later. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Failure)) return true;
  return error.exitCode === exitCodes.unreachable || error.exitCode === exitCodes.failed;
}

function messageIn(data: string): LoggedMessage {
  return JSON.parse(data);
}

function gapWords(data: string): string {
  const gap: unknown = JSON.parse(data);
  const skipped = isJsonObject(gap) ? gap.skipped : undefined;
  return `… ${typeof skipped === 'number' ? skipped : 'some'} messages are left out: they came faster than they were read. messages list has them.`;
}
