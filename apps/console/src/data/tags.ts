import type { ChargePoint } from '@ocpp-csms/api-client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

export interface TagChange {
  chargePoints: readonly Pick<ChargePoint, 'networkId' | 'tags'>[];
  added: readonly string[];
  removed: readonly string[];
}

/** One after another; those that have them already are left alone. Resolves with how many were changed. */
export function useChangeTags() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ chargePoints, added, removed }: TagChange) => {
      let changed = 0;
      for (const { networkId, tags } of chargePoints) {
        const next = tagsAfter(tags, added, removed);
        if (next.length === tags.length && next.every((tag) => tags.includes(tag))) continue;
        await api.patch('/device-manager/charge-points/{id}', { params: { id: networkId }, body: { tags: next } });
        changed++;
      }
      return changed;
    },
    onSettled: () =>
      Promise.all([keys.chargePoints, keys.summary].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** What is in both is added. */
export function tagsAfter(tags: readonly string[], added: readonly string[], removed: readonly string[]): string[] {
  return [...new Set([...tags.filter((tag) => !removed.includes(tag)), ...added])];
}
