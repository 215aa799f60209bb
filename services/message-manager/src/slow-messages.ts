import { Problem } from '@ocpp-csms/http';
import { type Filter, type FilterQuery, parseFilter } from './filter.ts';
import type { LogStore, Page, PageRequest } from './log-store.ts';
import type { LoggedMessage } from './message.ts';

/** Milliseconds after which a question answers with what it has. */
const searchMs = 1500;

/** The CALLs that took at least so long; which these are is known only when each is beside its answer. */
export interface SlowRequest extends PageRequest {
  minLatencyMs: number;
}

const call = 2;

/** Only a CALL is answered, so only a CALL has a latency. */
export function parseSlowFilter(query: FilterQuery): Filter {
  if (query.direction !== undefined && query.direction !== call) {
    throw new Problem(400, 'invalid-request', 'query.minLatencyMs finds CALLs; leave query.direction out, or say 2.', {
      errors: [{ path: 'query.direction', message: 'must be 2 beside minLatencyMs' }],
    });
  }
  return parseFilter({ ...query, direction: call });
}

/** One page, from a bounded look into the log: with `scannedTo` it may hold less than was asked for. */
export async function searchSlow(
  store: Pick<LogStore, 'search'>,
  { minLatencyMs, ...request }: SlowRequest,
  elapsed = () => performance.now(),
): Promise<Page> {
  const until = elapsed() + searchMs;
  const items: LoggedMessage[] = [];
  let { after } = request;
  for (;;) {
    // No more than there is room for: the cursor of the store is at the end of what it gave.
    const page = await store.search({ ...request, after, limit: request.limit - items.length });
    items.push(...page.items.filter((message) => isSlow(message, minLatencyMs)));
    if (page.next === undefined) return { items };
    after = page.next;
    if (items.length === request.limit) return { items, next: after };
    // With little room left, each further look would be a small one: the next page has more.
    if (items.length > request.limit / 2 || elapsed() > until) {
      return { items, next: after, ...timeOf(page) };
    }
  }
}

/** Of JSON Lines. */
export async function* onlySlow(pieces: AsyncIterable<string>, minLatencyMs: number): AsyncGenerator<string> {
  for await (const piece of pieces) {
    const lines = piece.split('\n').filter((line) => line !== '' && isSlow(JSON.parse(line), minLatencyMs));
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
}

const isSlow = ({ latencyMs }: Pick<LoggedMessage, 'latencyMs'>, minLatencyMs: number): boolean =>
  latencyMs !== undefined && latencyMs >= minLatencyMs;

function timeOf({ scannedTo, items }: Page): Pick<Page, 'scannedTo'> {
  const last = items.at(-1);
  if (scannedTo !== undefined) return { scannedTo };
  return last === undefined ? {} : { scannedTo: Date.parse(last.messageTime) };
}
