import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

/** Of each kind, so many are named; the rest is behind a link. */
export const mostNamed = 5;
const everyMs = 20_000;
const hourMs = 3_600_000;
/** A charge that goes on for longer has probably ended without a word. */
const stuckAfterHours = 24;
/** Commands that came to nothing are of interest for so long. */
const commandsOfHours = 12;

/** What somebody should look at: read anew now and then, and when something happens that may change it. */
export function useAttention() {
  return useQuery({
    queryKey: keys.attention,
    queryFn: ({ signal }) => readAttention(signal),
    refetchInterval: everyMs,
  });
}

export type Attention = Awaited<ReturnType<typeof readAttention>>;

async function readAttention(signal: AbortSignal) {
  const limit = mostNamed + 1;
  const ago = (hours: number) => new Date(Date.now() - hours * hourMs).toISOString();
  const [faulted, offline, refused, stuck, commands] = await Promise.all([
    api.get('/device-manager/charge-points', { query: { connected: true, status: ['Faulted'], limit }, signal }),
    api.get('/device-manager/charge-points', { query: { connected: false, limit }, signal }),
    api.get('/device-manager/refused-connections', { query: { limit }, signal }),
    api.get('/session/transactions', { query: { active: true, to: ago(stuckAfterHours), limit }, signal }),
    api.get('/device-manager/commands', {
      query: { status: ['rejected', 'timed-out', 'unknown'], from: ago(commandsOfHours), limit },
      signal,
    }),
  ]);
  return {
    faulted: faulted.items,
    // One that was never here is not missed.
    offline: offline.items.filter(({ connection }) => connection.lastSeenAt !== null),
    refused: refused.items,
    stuck: stuck.items,
    commands: commands.items,
  };
}
