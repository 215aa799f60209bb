import { ApiProblem } from '@ocpp-csms/api-client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionKey } from './session.ts';

/** Events keep what is shown true; without them, it is asked for anew after this long. */
const staleMs = 30_000;
const mostRetries = 2;

export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    // The session has ended: the page stays, and asks to sign in.
    if (error instanceof ApiProblem && error.status === 401) client.setQueryData(sessionKey, null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: staleMs,
        retry: (failures, error) => failures < mostRetries && error instanceof ApiProblem && error.isPassing,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
  return client;
}
