/** What people ask the log, and how long the whole answer may take. */
import { clientName, createRandom, days, fleetSize, rareAction, rareText, tokenName, tokens } from './traffic.ts';

export interface Question {
  what: string;
  /** Milliseconds. */
  atMost: number;
  /** The path of the n-th asking, below `/message-manager`. */
  path(n: number): string;
}

/** A message that is known to be there. */
export interface Known {
  id: string;
  msgId: string;
}

const filterMs = 100;
const textMs = 1000;
const hourMs = 3_600_000;

export function questionsFor({ endsAt, known }: { endsAt: number; known: readonly Known[] }): Question[] {
  const random = createRandom(7);
  const someClient = () => clientName(Math.floor(random() * fleetSize));
  const someTime = (lengthMs: number) => {
    const from = endsAt - lengthMs - random() * (days * 24 * hourMs - lengthMs);
    return { from: new Date(from).toISOString(), to: new Date(from + lengthMs).toISOString() };
  };
  const someKnown = (n: number) => known[n % known.length] ?? { id: '', msgId: '' };
  const list = (query: Record<string, string>) => `/messages?${new URLSearchParams({ limit: '50', ...query })}`;
  return [
    { what: 'the newest page', atMost: filterMs, path: () => list({}) },
    { what: 'by client', atMost: filterMs, path: () => list({ client: someClient() }) },
    {
      what: 'by client, within an hour',
      atMost: filterMs,
      path: () => list({ client: someClient(), ...someTime(hourMs) }),
    },
    { what: 'by action, frequent (MeterValues)', atMost: filterMs, path: () => list({ messageType: 'MeterValues' }) },
    {
      what: `by action, rare (${rareAction}, 1 in 5,000)`,
      atMost: filterMs,
      path: () => list({ messageType: rareAction }),
    },
    {
      what: 'by client and action',
      atMost: filterMs,
      path: () => list({ client: someClient(), messageType: 'StopTransaction' }),
    },
    { what: 'by id', atMost: filterMs, path: (n) => `/messages/${someKnown(n).id}` },
    { what: 'by msgId', atMost: filterMs, path: (n) => list({ msgId: someKnown(n).msgId }) },
    { what: 'by time, an hour', atMost: filterMs, path: () => list(someTime(hourMs)) },
    {
      what: 'text within one client, found a few times',
      atMost: textMs,
      path: () => list({ client: someClient(), q: tokenName(Math.floor(random() * tokens)) }),
    },
    {
      what: 'text within one client, not there',
      atMost: textMs,
      path: () => list({ client: someClient(), q: 'nowhere to be found' }),
    },
    { what: 'text within 24 h, rare', atMost: textMs, path: () => list({ q: rareText, ...someTime(24 * hourMs) }) },
    {
      what: 'text within 24 h, not there',
      atMost: textMs,
      path: () => list({ q: 'nowhere to be found', ...someTime(24 * hourMs) }),
    },
  ];
}
