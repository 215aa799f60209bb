import type { IdToken } from '@ocpp-csms/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';
import { usePages } from './pages.ts';

export type TokenStatus = IdToken['status'];

export interface TokenFilters {
  q?: string;
  status?: TokenStatus;
}

export function useTokens(filters: TokenFilters) {
  return usePages(keys.tokenList(filters), ({ place, signal }) =>
    api.get('/session/id-tokens', { query: { ...filters, limit: 200, ...place }, signal }),
  );
}

/** Presented somewhere, and not known. */
export function useUnknownTokens() {
  return usePages(keys.unknownTokens, ({ place, signal }) =>
    api.get('/session/id-tokens/unknown', { query: { limit: 100, ...place }, signal }),
  );
}

export interface AuthorizationFilters {
  networkId?: string;
  idToken?: string;
}

/** What was decided on presented tokens, the newest first. */
export function useAuthorizations(filters: AuthorizationFilters) {
  return usePages(keys.authorizations(filters), ({ place, signal }) =>
    api.get('/session/authorizations', { query: { ...filters, limit: 100, ...place }, signal }),
  );
}

/** What of a token is chosen by people. Null takes it away. */
export interface TokenChoice {
  status: TokenStatus;
  chargePoints: string[];
  allowConcurrent: boolean;
  type: string | null;
  expiresAt: string | null;
  parentIdToken: string | null;
  note: string | null;
}

/** Adds a token, accepts one that is unknown, or changes one that is there. */
export function useSaveToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      how,
      idToken,
      choice,
    }: {
      how: 'add' | 'accept' | 'change';
      idToken: string;
      choice: TokenChoice;
    }) => {
      if (how === 'change') return api.patch('/session/id-tokens/{idToken}', { params: { idToken }, body: choice });
      const body = withoutNull(choice);
      if (how === 'add') return api.post('/session/id-tokens', { body: { idToken, ...body } });
      return api.post('/session/id-tokens/unknown/{idToken}/accept', { params: { idToken }, body });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
}

export function useDeleteToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (idToken: string) => api.delete('/session/id-tokens/{idToken}', { params: { idToken } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
}

function withoutNull({ type, expiresAt, parentIdToken, note, ...rest }: TokenChoice) {
  return {
    ...rest,
    ...(type === null ? {} : { type }),
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(parentIdToken === null ? {} : { parentIdToken }),
    ...(note === null ? {} : { note }),
  };
}

export function useLocalList(networkId: string) {
  return useQuery({
    queryKey: keys.localList(networkId),
    queryFn: ({ signal }) =>
      api.get('/session/local-lists/{chargePoint}', { params: { chargePoint: networkId }, signal }),
  });
}

export function useSendLocalList(networkId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (mode: 'full' | 'differential') =>
      api.post('/session/local-lists/{chargePoint}', { params: { chargePoint: networkId }, body: { mode } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.localList(networkId) }),
  });
}
