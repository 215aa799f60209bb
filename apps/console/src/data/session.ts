import { ApiProblem, type SignedIn } from '@ocpp-csms/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';

export const sessionKey = ['session'] as const;

export type Role = SignedIn['role'];

const order: readonly Role[] = ['read-only', 'operator', 'admin'];

/** Who is signed in; null: nobody. Asked again now and then, so that a session that is used goes on. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      try {
        return await api.get('/login', { signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 5 * 60_000,
    refetchInterval: 60 * 60_000,
  });
}

export interface Credentials {
  key?: string;
  code?: string;
  remember?: boolean;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) => api.post('/login', { body: credentials }),
    onSuccess: (signedIn) => client.setQueryData(sessionKey, signedIn),
    meta: { isSignIn: true },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete('/login'),
    onSuccess: () => {
      // Of what this one has seen, nothing is left for the next.
      client.clear();
      client.setQueryData(sessionKey, null);
    },
  });
}

/** Why not, in words; undefined: it may be done. */
export function useMayNot(needed: Role): string | undefined {
  const { data } = useSession();
  if (data && order.indexOf(data.role) >= order.indexOf(needed)) return undefined;
  return `This needs a key with the role ${needed}${data ? `; you are signed in as ${data.role}` : ''}.`;
}
