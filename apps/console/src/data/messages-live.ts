import { ApiProblem, type Message, type QueryOf } from '@ocpp-csms/api-client';
import { useEffect, useState } from 'react';
import { api } from './api.ts';

export type LiveFilters = QueryOf<'GET /message-manager/messages/stream'>;

/** Of what came while somebody looks, so many are kept; the log has all. */
const mostKept = 2000;

export interface LiveMessages {
  /** The newest first. An answer that came later is beside its CALL. */
  messages: readonly Message[];
  /** How many came, those that are no longer kept included. */
  heard: number;
  /** So many were more than the system could tell as they came. */
  skipped: number;
  /** Why nothing comes. */
  problem: string | undefined;
}

export const nothingHeard: LiveMessages = { messages: [], heard: 0, skipped: 0, problem: undefined };

/** What is said from now on. `filters` undefined: nothing is followed. Another `round` begins anew. */
export function useLiveMessages(filters: LiveFilters | undefined, round: number): LiveMessages {
  const [live, setLive] = useState(nothingHeard);
  const query = filters && JSON.stringify(filters);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round begins anew
  useEffect(() => {
    setLive(nothingHeard);
    if (query === undefined) return;
    const abort = new AbortController();
    void follow(JSON.parse(query) as LiveFilters, abort.signal, (change) => !abort.signal.aborted && setLive(change));
    return () => abort.abort();
  }, [query, round]);

  return live;
}

type Change = (change: (before: LiveMessages) => LiveMessages) => void;

async function follow(query: LiveFilters, signal: AbortSignal, set: Change): Promise<void> {
  try {
    const events = api.events('/message-manager/messages/stream', {
      query,
      signal,
      onState: (stream) =>
        set((before) => ({ ...before, problem: stream.state === 'open' ? undefined : stream.reason.detail })),
    });
    for await (const { event, data } of events) {
      if (event === 'gap') {
        const { skipped } = data as { skipped: number };
        set((before) => ({ ...before, skipped: before.skipped + skipped }));
      } else set((before) => withMessage(before, data as Message));
    }
  } catch (error) {
    set((before) => ({ ...before, problem: error instanceof ApiProblem ? error.detail : String(error) }));
  }
}

/** The list shows an answer with its CALL; live, it may come as a message of its own. */
export function withMessage(before: LiveMessages, message: Message): LiveMessages {
  const call = before.messages.find(({ id }) => id === message.answerTo);
  if (call)
    return { ...before, messages: before.messages.map((one) => (one === call ? answered(call, message) : one)) };
  return { ...before, messages: [message, ...before.messages].slice(0, mostKept), heard: before.heard + 1 };
}

function answered(call: Message, { id, body, messageTime }: Message): Message {
  return {
    ...call,
    answer: { direction: body.direction, messageTime, messageBody: body.messageBody, id },
    latencyMs: Math.max(0, Date.parse(messageTime) - Date.parse(call.messageTime)),
  };
}

/** What was heard above what was in the log when it was read: nothing twice, each answer with its CALL alone. */
export function rowsOf(live: readonly Message[], logged: readonly Message[]): Message[] {
  const heard = new Set(live.flatMap(({ id, answer }) => [id, answer?.id]));
  const shown = new Set([...live, ...logged].map(({ id }) => id));
  const answers = new Map(live.flatMap((message) => (message.answerTo ? [[message.answerTo, message] as const] : [])));
  const standsAlone = ({ answerTo }: Message) => answerTo === undefined || !shown.has(answerTo);
  return [
    ...live.filter(standsAlone),
    ...logged.flatMap((message) => {
      if (heard.has(message.id) || !standsAlone(message)) return [];
      const answer = message.answer ? undefined : answers.get(message.id);
      return [answer ? answered(message, answer) : message];
    }),
  ];
}
