import type { Template, TemplateSetting, TemplateUse } from '@ocpp-csms/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
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
  /** Why it could not begin. */
  problem?: string;
}

/** So many are asked for at a time. */
const atOnce = 8;

/** Gives charge points a template and has it applied; `data` and `done` tell of each. What comes of it: `useTemplateUses`. */
export function useApplyTemplate() {
  const client = useQueryClient();
  const [done, setDone] = useState(0);
  const mutation = useMutation({
    mutationFn: async ({ templateId, chargePoints }: { templateId: string; chargePoints: readonly string[] }) => {
      const applied: Applied[] = [];
      const waiting = [...chargePoints];
      setDone(0);
      async function work(): Promise<void> {
        for (let networkId = waiting.shift(); networkId !== undefined; networkId = waiting.shift()) {
          applied.push(await apply(networkId, templateId));
          setDone(applied.length);
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work));
      return applied;
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.configurations }),
        client.invalidateQueries({ queryKey: keys.templates }),
      ]),
  });
  return { ...mutation, done };
}

async function apply(networkId: string, templateId: string): Promise<Applied> {
  try {
    await api.post('/device-manager/charge-points/{id}/apply-template', {
      params: { id: networkId },
      body: { templateId, assign: true },
    });
    return { networkId };
  } catch (error) {
    return { networkId, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** More than these are not listed with a template; the list of charge points has them all. */
const mostUses = 1000;
const lookEveryMs = 2000;

/** Who has it, and how far each is from it; looked at again while it is being applied somewhere. */
export function useTemplateUses(templateId: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.templateUses(templateId),
    queryFn: ({ signal }) =>
      api.get('/device-manager/templates/{templateId}/charge-points', {
        params: { templateId },
        query: { limit: mostUses },
        signal,
      }),
    enabled,
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ job }) => job?.status === 'waiting') ? lookEveryMs : false,
  });
}

/** What there is to say of one, in words; `isGood` undefined: nothing is known yet. */
export function wordsOfUse({ differing, job }: TemplateUse): { word: string; isGood?: boolean } {
  if (job?.status === 'waiting') return { word: 'is being applied, or waits for it to connect' };
  if (job?.error !== undefined) return { word: `could not be applied: ${job.error}`, isGood: false };
  if (differing === null) return { word: 'not read yet' };
  if (differing === 0) return { word: 'as wanted', isGood: true };
  return { word: `${differing} not as wanted`, isGood: false };
}
