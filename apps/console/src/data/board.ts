import { useQuery } from '@tanstack/react-query';
import { startOfToday } from '../format/time.ts';
import { api } from './api.ts';
import { keys } from './keys.ts';

const everyMs = 10_000;

/** What is drawn everywhere, and what was charged today, as the viewer's day is. */
export function useChargingSummary() {
  const from = startOfToday();
  return useQuery({
    queryKey: keys.chargingSummary(from),
    queryFn: ({ signal }) => api.get('/session/charging/summary', { query: { from }, signal }),
    refetchInterval: everyMs,
    placeholderData: (before) => before,
  });
}
