import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

interface Page {
  nextCursor?: string;
}

interface PageRequest {
  /** For the query of the API; empty for the first page. */
  place: { cursor?: string };
  signal: AbortSignal;
}

/** A list of the API, page by page as it is scrolled. What was shown stays until another filter has its answer. */
export function usePages<One extends Page>(
  queryKey: QueryKey,
  read: (request: PageRequest) => Promise<One>,
  more: { refetchInterval?: number } = {},
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read({ place: pageParam === '' ? {} : { cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }: One) => nextCursor,
    placeholderData: (before) => before,
    ...more,
  });
}
