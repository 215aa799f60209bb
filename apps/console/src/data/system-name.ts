import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

/** What a system without a name of its own is called. */
const product = 'ocpp-csms';

export function useSystemName() {
  return useQuery({
    queryKey: keys.systemName,
    queryFn: ({ signal }) => api.get('/device-manager/system', { signal }),
    staleTime: 10 * 60_000,
  });
}

/** For headings and titles: there is always one. */
export function useShownName(): string {
  const { data } = useSystemName();
  return data?.name || product;
}

export function useRenameSystem() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.patch('/device-manager/system', { body: { name } }),
    onSuccess: (system) => client.setQueryData(keys.systemName, system),
  });
}
