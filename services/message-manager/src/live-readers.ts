import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { EventStream } from '@ocpp-csms/http';
import type { Log } from '@ocpp-csms/runtime';
import type { Filter } from './filter.ts';
import type { LogStore, Place } from './log-store.ts';
import type { Wake } from './wake.ts';

/** Live readers of one node. */
export const maxLiveReaders = 100;
/** A reader that takes nothing for so long is disconnected. */
const stalledAfterMs = 30_000;
/** Looked at even when nobody says that there is something new: a word between nodes may get lost. */
const lookAgainMs = 5000;

export interface LiveReader {
  stream: EventStream;
  /** The response under the stream, to know when it can take more. */
  raw: ServerResponse;
  filter: Filter;
  /** Messages logged after this one are wanted. */
  place: Place;
}

export interface LiveReaders {
  isFull(): boolean;
  /** Serves the reader until its stream is closed. */
  serve(reader: LiveReader): void;
  /** Closes all streams and waits for what is under way. */
  stop(): Promise<void>;
}

export interface LiveReadersOptions {
  store: Pick<LogStore, 'tail' | 'tailRestMs'>;
  wake: Wake;
  log: Log;
  stalledMs?: number;
}

export function createLiveReaders({ store, wake, log, stalledMs = stalledAfterMs }: LiveReadersOptions): LiveReaders {
  const serving = new Map<EventStream, Promise<void>>();

  async function follow({ stream, raw, filter, place: start }: LiveReader, closed: AbortSignal): Promise<void> {
    const bell = createBell(wake, closed);
    let place = start;
    while (!closed.aborted) {
      bell.reset();
      const step = await store.tail(filter, place);
      if (step.skipped > 0) stream.send('gap', { skipped: step.skipped });
      for (const item of step.items) {
        stream.send('message', item, item.id);
        if (!(await canTakeMore(raw, closed, stalledMs))) return;
      }
      place = step.place;
      await bell.rest(store.tailRestMs);
      if (step.caughtUp) await bell.rung(lookAgainMs);
    }
  }

  return {
    isFull: () => serving.size >= maxLiveReaders,
    serve(reader) {
      const { stream } = reader;
      const closing = new AbortController();
      stream.onClose(() => closing.abort());
      const end = follow(reader, closing.signal)
        .catch((error: unknown) => log.warn({ err: error }, 'Live messages ended: the log could not be read'))
        .finally(() => {
          serving.delete(stream);
          stream.close();
        });
      serving.set(stream, end);
    },
    async stop() {
      const ends = [...serving.values()];
      for (const stream of serving.keys()) stream.close();
      await Promise.all(ends);
    },
  };
}

/** False when the reader went or took nothing for too long. */
async function canTakeMore(raw: ServerResponse, closed: AbortSignal, stalledMs: number): Promise<boolean> {
  if (closed.aborted) return false;
  if (!raw.writableNeedDrain) return true;
  const signal = AbortSignal.any([closed, AbortSignal.timeout(stalledMs)]);
  return once(raw, 'drain', { signal }).then(
    () => true,
    () => false,
  );
}

/** Remembers that it rang until it is reset, so that nothing between looking and waiting is missed. */
function createBell(wake: Wake, closed: AbortSignal) {
  let hasRung = false;
  let answer: (() => void) | undefined;
  const ring = () => {
    hasRung = true;
    answer?.();
  };
  const forget = wake.onCommit(ring);
  closed.addEventListener('abort', () => {
    forget();
    ring();
  });

  function wait(milliseconds: number, isOver: () => boolean): Promise<void> {
    if (isOver()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        answer = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      answer = () => {
        if (isOver()) end();
      };
    });
  }

  return {
    reset: () => {
      hasRung = false;
    },
    rung: (milliseconds: number) => wait(milliseconds, () => hasRung || closed.aborted),
    rest: (milliseconds: number) => wait(milliseconds, () => closed.aborted),
  };
}
