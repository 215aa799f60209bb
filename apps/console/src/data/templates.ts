import type { Template, TemplateSetting } from '@ocpp-csms/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

/** More than these nobody keeps apart. */
const mostTemplates = 500;

export function useTemplates() {
  return useQuery({
    queryKey: keys.templates,
    queryFn: async ({ signal }) => {
      const all: Template[] = [];
      for await (const template of api.each('/device-manager/templates', { query: { limit: 100 }, signal })) {
        all.push(template);
        if (all.length === mostTemplates) break;
      }
      return all;
    },
  });
}

export interface TemplateChoice {
  /** Undefined: a new one. */
  templateId?: string | undefined;
  name: string;
  settings: TemplateSetting[];
}

export function useSaveTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ templateId, ...body }: TemplateChoice) =>
      templateId === undefined
        ? api.post('/device-manager/templates', { body })
        : api.patch('/device-manager/templates/{templateId}', { params: { templateId }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.templates }),
  });
}

export function useDeleteTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (templateId: string) =>
      api.delete('/device-manager/templates/{templateId}', { params: { templateId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.templates }),
  });
}

export interface Applied {
  networkId: string;
  /** What is under way; undefined: it could not begin. */
  status?: string;
  problem?: string;
}

/** One after another: each reads its charge point before it writes. */
export function useApplyTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ templateId, chargePoints }: { templateId: string; chargePoints: readonly string[] }) => {
      const applied: Applied[] = [];
      for (const networkId of chargePoints) {
        try {
          const { status } = await api.post('/device-manager/charge-points/{id}/apply-template', {
            params: { id: networkId },
            body: { templateId },
          });
          applied.push({ networkId, status });
        } catch (error) {
          applied.push({ networkId, problem: error instanceof Error ? error.message : String(error) });
        }
      }
      return applied;
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.configurations }),
  });
}
