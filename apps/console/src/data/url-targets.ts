import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { readTargets, targetsHash } from './targets-codec.ts';

/**
 * To whom a command goes. It stands in the fragment of the address, which is not sent to the server: a thousand would
 * be too long for a request.
 */
export function useUrlTargets() {
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const navigate = useNavigate();
  const targets = useMemo(() => readTargets(hash), [hash]);
  const setTargets = useCallback(
    (networkIds: readonly string[]) =>
      navigate({ to: '.', search: true, hash: targetsHash(networkIds), replace: true, resetScroll: false }),
    [navigate],
  );
  return [targets, setTargets] as const;
}
