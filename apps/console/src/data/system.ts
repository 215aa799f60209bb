import type { ParkedMessage } from '@ocpp-csms/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';
import { usePages } from './pages.ts';

const everyMs = 10_000;

/** Each part of the system, and what is wrong with it. Not ready is an answer here, and no error. */
export function useReadiness() {
  return useQuery({
    queryKey: keys.readiness,
    queryFn: async ({ signal }) => {
      const response = await fetch('/health/ready', { signal });
      return (await response.json()) as { status: string; checks: { name: string; ok: boolean; detail: string }[] };
    },
    refetchInterval: everyMs,
  });
}

export function useLogStatistics() {
  return useQuery({
    queryKey: keys.logStatistics,
    queryFn: ({ signal }) => api.get('/message-manager/statistics', { signal }),
    refetchInterval: everyMs * 3,
  });
}

/** For an admin. */
export function useProcess() {
  return useQuery({
    queryKey: keys.process,
    queryFn: ({ signal }) => api.get('/process', { signal }),
    refetchInterval: everyMs,
  });
}

/** Some figures of `/metrics`, by name, all labels together. */
export function useFigures() {
  return useQuery({
    queryKey: keys.figures,
    queryFn: async ({ signal }) => figuresIn(await api.get('/metrics', { signal })),
    refetchInterval: everyMs,
  });
}

/** The text format of Prometheus: figures with the same name and other labels are summed. */
export function figuresIn(text: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z_]+)(?:\{[^}]*\})? (\S+)/.exec(line) ?? [];
    if (name !== undefined && Number.isFinite(Number(value))) sums[name] = (sums[name] ?? 0) + Number(value);
  }
  return sums;
}

export function useParkedMessages() {
  return usePages(
    keys.parked,
    ({ place, signal }) => api.get('/message-manager/parked-messages', { query: { limit: 50, ...place }, signal }),
    { refetchInterval: everyMs },
  );
}

/** Hands a parked message to its service again, or gives it up. */
export function useEndParked() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ message: { group, id }, how }: { message: ParkedMessage; how: 'drive' | 'drop' }) => {
      const params = { group, id };
      if (how === 'drive') await api.post('/message-manager/parked-messages/{group}/{id}/drive', { params });
      else await api.delete('/message-manager/parked-messages/{group}/{id}', { params });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.parked }),
  });
}

export function useLogLevels() {
  return useQuery({ queryKey: keys.logLevels, queryFn: ({ signal }) => api.get('/log-levels', { signal }) });
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export function useSetLogLevel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ part, level }: { part: string; level: LogLevel }) =>
      api.put('/log-levels', { body: { [part]: level } }),
    onSuccess: (levels) => client.setQueryData(keys.logLevels, levels),
  });
}
