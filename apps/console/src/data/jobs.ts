import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

const ofEach = 50;
/** Charge points tell of their progress every few seconds at most. */
const everyMs = 5000;

/** Firmware updates and uploads of a charge point, the latest first. */
export function useJobs(networkId: string) {
  return useQuery({
    queryKey: keys.jobs(networkId),
    queryFn: async ({ signal }) => {
      const asked = { params: { id: networkId }, query: { limit: ofEach }, signal };
      const [firmware, diagnostics] = await Promise.all([
        api.get('/device-manager/charge-points/{id}/firmware-jobs', asked),
        api.get('/device-manager/charge-points/{id}/diagnostics-jobs', asked),
      ]);
      return [...firmware.items, ...diagnostics.items].toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
    },
    refetchInterval: ({ state: { data } }) => (data?.some(({ finishedAt }) => finishedAt === null) ? everyMs : false),
  });
}
