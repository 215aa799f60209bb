import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

const mostEvents = 100;

/** Certificates, network profiles and security events, as far as they are known. */
export function useSecurity(networkId: string) {
  return useQuery({
    queryKey: keys.security(networkId),
    queryFn: async ({ signal }) => {
      const params = { id: networkId };
      const [certificates, networkProfiles, events] = await Promise.all([
        api.get('/device-manager/charge-points/{id}/certificates', { params, signal }),
        api.get('/device-manager/charge-points/{id}/network-profiles', { params, signal }),
        api.get('/device-manager/charge-points/{id}/security-events', { params, query: { limit: mostEvents }, signal }),
      ]);
      return { certificates: certificates.items, networkProfiles: networkProfiles.items, events: events.items };
    },
  });
}

export interface ChargePointChange {
  enabled?: boolean;
  registration?: 'Accepted' | 'Pending' | 'Rejected';
  securityProfile?: 0 | 1 | 2 | 3;
  password?: string;
}

export function useChangeChargePoint(networkId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChargePointChange) =>
      api.patch('/device-manager/charge-points/{id}', { params: { id: networkId }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.chargePoints }),
  });
}
