import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';
import { usePages } from './pages.ts';

export function useRefusedConnections() {
  return usePages(keys.refused, ({ place, signal }) =>
    api.get('/device-manager/refused-connections', { query: { limit: 100, ...place }, signal }),
  );
}

export interface AdoptChoice {
  networkId: string;
  name?: string;
  replaceCredentials?: boolean;
  securityProfile?: 0 | 1 | 2 | 3;
}

export function useAdopt() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ networkId, ...body }: AdoptChoice) =>
      api.post('/device-manager/refused-connections/{networkId}/adopt', { params: { networkId }, body }),
    onSuccess: () =>
      Promise.all(
        [keys.refused, keys.chargePoints, keys.summary].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
}
