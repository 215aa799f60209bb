import { ApiProblem, problemOf } from '../problem.ts';
import { createEventParser } from './parse.ts';

export interface LiveEvent {
  /** `message`, `gap` … */
  event: string;
  data: unknown;
  /** Where to go on after this event. */
  id: string | undefined;
}

export type StreamState =
  /** Events come. */
  | { state: 'open' }
  /** The connection is lost, or was refused for the moment; it is tried again. */
  | { state: 'waiting'; reason: ApiProblem; retryInMs: number };

export interface FollowOptions {
  /** Ends it. */
  signal: AbortSignal;
  /** The id of the last event that was seen: what came after it comes first, where the stream remembers. */
  lastEventId?: string;
  headers?: Readonly<Record<string, string>>;
  onState?(state: StreamState): void;
  /** The server says something at least every 15 s. Silence for longer than this is a lost connection. Default 45 s. */
  silenceMs?: number;
  /** Longest pause between attempts. Default 15 s. */
  maxRetryMs?: number;
}

const firstRetryMs = 500;

type Open = (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

export async function* followEvents(open: Open, options: FollowOptions): AsyncGenerator<LiveEvent, void, undefined> {
  const { signal, onState, silenceMs = 45_000, maxRetryMs = 15_000 } = options;
  let { lastEventId } = options;
  let failures = 0;
  while (!signal.aborted) {
    // A connection of its own for each attempt, so that silence ends the attempt alone.
    const attempt = new AbortController();
    const end = () => attempt.abort(signal.reason);
    signal.addEventListener('abort', end, { once: true });
    let reason: ApiProblem;
    try {
      for await (const item of readOnce({ open, lastEventId, attempt, silenceMs, onOpen: opened })) {
        lastEventId = item.id ?? lastEventId;
        yield item;
      }
      reason = lost('The system ended the connection.');
    } catch (error) {
      if (signal.aborted) return;
      reason = asProblem(error);
      if (!reason.isPassing && reason.status < 500) throw reason;
    } finally {
      signal.removeEventListener('abort', end);
      attempt.abort();
    }
    const retryInMs = pauseAfter(failures++, reason, maxRetryMs);
    onState?.({ state: 'waiting', reason, retryInMs });
    await pause(retryInMs, signal);
  }

  function opened(): void {
    failures = 0;
    onState?.({ state: 'open' });
  }
}

interface Attempt {
  open: Open;
  lastEventId: string | undefined;
  attempt: AbortController;
  silenceMs: number;
  onOpen(): void;
}

async function* readOnce({ open, lastEventId, attempt, silenceMs, onOpen }: Attempt): AsyncGenerator<LiveEvent> {
  const silence = watchSilence(attempt, silenceMs);
  try {
    const headers = {
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const response = await open(headers, attempt.signal);
    if (!response.ok) throw await problemOf(response);
    if (!response.body) throw lost('The answer was empty.');
    onOpen();
    const parser = createEventParser();
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.heard();
      for (const { data, ...event } of parser.push(decoder.decode(value, { stream: true })))
        yield { ...event, data: JSON.parse(data) };
    }
  } finally {
    silence.stop();
  }
}

function watchSilence(attempt: AbortController, silenceMs: number) {
  const tooSilent = () => attempt.abort(lost(`Nothing was heard for ${Math.round(silenceMs / 1000)} s.`));
  let timer = setTimeout(tooSilent, silenceMs);
  return {
    heard() {
      clearTimeout(timer);
      timer = setTimeout(tooSilent, silenceMs);
    },
    stop: () => clearTimeout(timer),
  };
}

const lost = (detail: string): ApiProblem =>
  new ApiProblem({ status: 0, code: 'stream-lost', title: 'Live connection lost', detail });

const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : lost('The system cannot be reached.');

function pauseAfter(failures: number, { retryAfterSeconds }: ApiProblem, maxRetryMs: number): number {
  const growing = Math.min(firstRetryMs * 2 ** failures, maxRetryMs);
  return retryAfterSeconds === undefined ? growing : Math.max(growing, retryAfterSeconds * 1000);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
