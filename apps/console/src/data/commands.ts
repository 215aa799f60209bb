import type { Command, CommandResult } from '@ocpp-csms/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';
import { usePages } from './pages.ts';

export interface CommandToSend {
  networkId: string;
  action: string;
  payload: unknown;
  /** Keep it so long for a charge point that is not connected. */
  queueForSeconds?: number;
}

export function useSendCommand() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ networkId, action, payload, queueForSeconds }: CommandToSend): Promise<CommandResult> =>
      api.post('/device-manager/charge-points/{id}/commands/{action}', {
        params: { id: networkId, action },
        body: payload,
        ...(queueForSeconds === undefined ? {} : { query: { queueForSeconds } }),
      }),
    onSettled: (_result, _error, { networkId }) => client.invalidateQueries({ queryKey: keys.commandsOf(networkId) }),
  });
}

export interface CommandToMany {
  chargePoints: readonly string[];
  action: string;
  payload: unknown;
}

export type ManyResults = Awaited<ReturnType<typeof sendToMany>>;

/** One request for each: what one charge point understands, another of a later version may not. */
async function sendToMany(commands: readonly CommandToMany[], wait: boolean) {
  const answers = await Promise.all(
    commands.map(({ chargePoints, ...body }) =>
      api.post('/device-manager/commands', { query: { wait }, body: { ...body, chargePoints: [...chargePoints] } }),
    ),
  );
  return answers.flatMap(({ results }) => results);
}

/** `wait`: until all have answered; without, until all are on their way (`useOutcomes`). */
export function useSendToMany({ wait = true }: { wait?: boolean } = {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (commands: readonly CommandToMany[]) => sendToMany(commands, wait),
    onSettled: () => client.invalidateQueries({ queryKey: keys.commands }),
  });
}

const endings: ReadonlySet<string> = new Set(['answered', 'rejected', 'refused', 'timed-out', 'unknown', 'expired']);
const lookEveryMs = 700;
/** As many as were sent to at once. */
const mostLookedAt = 1000;

/** What has come of each so far: asked for until all have ended. */
export function useOutcomes(results: ManyResults) {
  const made = results.flatMap(({ commandId }) => (commandId === undefined ? [] : [commandId]));
  const open = results.filter(({ status }) => !endings.has(status)).length;
  const { data: latest } = useQuery({
    queryKey: ['commands', 'outcomes', made[0]],
    queryFn: async ({ signal }) => {
      const found = new Map<string, Command>();
      const wanted = new Set(made);
      const [oldest = ''] = made.toSorted();
      for await (const command of api.each('/device-manager/commands', { query: { limit: mostLookedAt }, signal })) {
        if (wanted.has(command.commandId)) found.set(command.commandId, command);
        // The newest come first: what was sent before these is of no interest.
        if (found.size === wanted.size || command.commandId < oldest) break;
      }
      return found;
    },
    enabled: open > 0,
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && made.every((id) => endings.has(data.get(id)?.status ?? '')) ? false : lookEveryMs,
    structuralSharing: false,
  });
  return results.map((result) => {
    const command = latest?.get(result.commandId ?? '');
    const outcome = command === undefined ? result : { ...result, ...pick(command) };
    return { ...outcome, isOpen: !endings.has(outcome.status), tookMs: command && tookMs(command) };
  });
}

function pick({ status, response, error }: Command) {
  return { status, ...(response === undefined ? {} : { response }), ...(error === undefined ? {} : { error }) };
}

const tookMs = ({ sentAt, finishedAt }: Command): number | undefined =>
  sentAt === null || finishedAt === null ? undefined : Math.max(0, Date.parse(finishedAt) - Date.parse(sentAt));

export const commandStatuses = ['queued', 'sent', 'answered', 'rejected', 'timed-out', 'unknown', 'expired'] as const;

export type CommandPages = ReturnType<typeof useCommandsOf>;

/** Of all charge points, the newest first. */
export function useCommands(filters: { status?: CommandResult['status'][]; action?: string }) {
  return usePages([...keys.commands, 'all', filters], ({ place, signal }) =>
    api.get('/device-manager/commands', { query: { ...filters, limit: 100, ...place }, signal }),
  );
}

export interface CommandFilters {
  status?: CommandResult['status'];
  action?: string;
}

export function useCommandsOf(networkId: string, filters: CommandFilters) {
  return usePages([...keys.commandsOf(networkId), filters], ({ place, signal }) =>
    api.get('/device-manager/charge-points/{id}/commands', {
      params: { id: networkId },
      query: { ...filters, limit: 100, ...place },
      signal,
    }),
  );
}
