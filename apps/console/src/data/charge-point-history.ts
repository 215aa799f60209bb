import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

/** Something that happened to a charge point, and is kept. */
export interface Happened {
  id: string;
  at: string;
  kind: 'boot' | 'charge' | 'command' | 'firmware' | 'diagnostics' | 'security' | 'data';
  words: string;
}

const ofEach = 50;

/** Of everything that is kept, the latest, in one line of time. */
export function useHistory(networkId: string) {
  return useQuery({
    queryKey: keys.history(networkId),
    queryFn: ({ signal }) => readHistory(networkId, signal),
  });
}

async function readHistory(networkId: string, signal: AbortSignal): Promise<Happened[]> {
  const asked = { params: { id: networkId }, query: { limit: ofEach }, signal };
  const at = '/device-manager/charge-points/{id}' as const;
  const [boots, transactions, commands, firmware, diagnostics, security, data] = await Promise.all([
    api.get(`${at}/boots`, asked),
    api.get('/session/transactions', { query: { chargePointId: networkId, limit: ofEach }, signal }),
    api.get(`${at}/commands`, asked),
    api.get(`${at}/firmware-jobs`, asked),
    api.get(`${at}/diagnostics-jobs`, asked),
    api.get(`${at}/security-events`, asked),
    api.get(`${at}/data-transfers`, asked),
  ]);
  const all: Happened[] = [
    ...boots.items.map(({ bootId, at: when, reason, firmwareVersion, answered, expected }) => ({
      id: bootId,
      at: when,
      kind: 'boot' as const,
      words: `Booted${reason === null ? '' : ` (${reason})`}${firmwareVersion === null ? '' : `, firmware ${firmwareVersion}`}, was told ${answered ?? 'nothing'}${expected ? ', after a restart from here' : ''}`,
    })),
    ...transactions.items.map(({ id, startedAt, transactionId, idToken }) => ({
      id,
      at: startedAt,
      kind: 'charge' as const,
      words: `Transaction ${transactionId} began${idToken === undefined ? '' : ` with ${idToken}`}`,
    })),
    ...commands.items.map(({ commandId, requestedAt, action, status, requestedBy }) => ({
      id: commandId,
      at: requestedAt,
      kind: 'command' as const,
      words: `${action} by ${requestedBy}: ${status}`,
    })),
    ...firmware.items.map((job) => ({
      id: job.jobId,
      at: job.requestedAt,
      kind: 'firmware' as const,
      words: `Firmware: ${job.status}`,
    })),
    ...diagnostics.items.map((job) => ({
      id: job.jobId,
      at: job.requestedAt,
      kind: 'diagnostics' as const,
      words: `${job.kind === 'log' ? 'Log' : 'Diagnostics'}: ${job.status}`,
    })),
    ...security.items.map(({ securityEventId, receivedAt, type, techInfo }) => ({
      id: securityEventId,
      at: receivedAt,
      kind: 'security' as const,
      words: `${type}${techInfo === null ? '' : `: ${techInfo}`}`,
    })),
    ...data.items.map(({ dataTransferId, receivedAt, vendorId, messageId }) => ({
      id: dataTransferId,
      at: receivedAt,
      kind: 'data' as const,
      words: `DataTransfer of ${vendorId}${messageId === null ? '' : `, ${messageId}`}`,
    })),
  ];
  return all.toSorted((a, b) => b.at.localeCompare(a.at));
}
