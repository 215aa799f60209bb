import { useQuery } from '@tanstack/react-query';
import type { OcppVersion } from '../commands/quick-actions.ts';
import type { Schema } from '../commands/schema.ts';
import { api } from './api.ts';

/** What can be sent to a charge point of this version. */
export function useActions(version: OcppVersion) {
  return useQuery({
    queryKey: ['actions', version],
    queryFn: async ({ signal }) =>
      (await api.get('/device-manager/actions/{version}', { params: { version }, signal })).actions,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What the request of an action has to look like. */
export function useRequestSchema(version: OcppVersion, action: string | undefined) {
  return useQuery({
    queryKey: ['actions', version, action],
    queryFn: async ({ signal }) => {
      const params = { version, action: action ?? '' };
      return (await api.get('/device-manager/actions/{version}/{action}', { params, signal })).schema as Schema;
    },
    enabled: action !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
