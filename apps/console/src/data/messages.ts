import type { QueryOf } from '@ocpp-csms/api-client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

/** In the words of the API. */
export type MessageFilters = Omit<QueryOf<'GET /message-manager/messages'>, 'limit' | 'cursor' | 'order'>;

const firstPage = 100;
/** Who scrolls on wants much. */
const furtherPages = 1000;

/** The log, the newest first. */
export function useMessages(filters: MessageFilters) {
  return useInfiniteQuery({
    queryKey: keys.messages(filters),
    queryFn: ({ pageParam, signal }) =>
      api.get('/message-manager/messages', {
        query: {
          ...filters,
          ...(pageParam === '' ? { limit: firstPage } : { limit: furtherPages, cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
    // What was said does not change: looking for what is the same in all pages at each further one would take longer.
    structuralSharing: false,
    // What is new comes by itself.
    refetchOnWindowFocus: false,
    staleTime: 0,
  });
}

/** One message, by its id in the log. */
export function useMessage(id: string | undefined) {
  return useQuery({
    queryKey: keys.message(id ?? ''),
    queryFn: ({ signal }) => api.get('/message-manager/messages/{id}', { params: { id: id ?? '' }, signal }),
    enabled: id !== undefined,
    refetchOnWindowFocus: false,
  });
}

/** How a charge point was at a time. */
export function useMoment(networkId: string, at: string) {
  return useQuery({
    queryKey: keys.moment(networkId, at),
    queryFn: ({ signal }) =>
      api.get('/message-manager/charge-points/{id}/moment', { params: { id: networkId }, query: { at }, signal }),
    // What was does not change.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
