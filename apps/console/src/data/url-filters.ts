import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type FilterKinds, type FilterValues, readFilters, writeFilters } from './filter-codec.ts';

/**
 * Every filter of a page is in its address, so that a link shows what its sender saw. `kinds` must be the same object
 * at each call.
 */
export function useUrlFilters<Kinds extends FilterKinds>(kinds: Kinds) {
  const search = useRouterState({ select: ({ location }) => location.searchStr });
  const navigate = useNavigate();
  const filters = useMemo(() => readFilters(kinds, search), [kinds, search]);
  const setFilters = useCallback(
    (change: Partial<FilterValues<Kinds>>) =>
      navigate({
        to: '.',
        hash: true,
        search: (before: Record<string, unknown>) => ({ ...before, ...writeFilters(kinds, change) }),
        replace: true,
        resetScroll: false,
      }),
    [kinds, navigate],
  );
  return [filters, setFilters] as const;
}
