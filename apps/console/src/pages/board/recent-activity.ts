import { useQuery } from '@tanstack/react-query';
import { answerWords } from '../../commands/answer-words.ts';
import { api } from '../../data/api.ts';
import { energy, inWords } from '../../format/quantity.ts';

export interface Activity {
  id: string;
  networkId: string;
  at: string;
  words: string;
}

const ofEach = 15;

/** What happened before anybody looked: charges and commands, which are kept. Asked for once. */
export function useRecentActivity() {
  return useQuery({
    queryKey: ['recent-activity'],
    queryFn: ({ signal }) => readRecent(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

async function readRecent(signal: AbortSignal): Promise<Activity[]> {
  const [transactions, commands] = await Promise.all([
    api.get('/session/transactions', { query: { limit: ofEach }, signal }),
    api.get('/device-manager/commands', { query: { limit: ofEach }, signal }),
  ]);
  const charges = transactions.items.flatMap(({ id, networkId, startedAt, stoppedAt, energyWh, idToken }) => {
    const began = {
      id,
      networkId,
      at: startedAt,
      words: `began to charge${idToken === undefined ? '' : `: ${idToken}`}`,
    };
    if (stoppedAt === undefined) return [began];
    return [
      began,
      { id: `${id} end`, networkId, at: stoppedAt, words: `ended the charge: ${inWords(energy(energyWh))}` },
    ];
  });
  const sent = commands.items.map((command) => ({
    id: command.commandId,
    networkId: command.networkId,
    at: command.finishedAt ?? command.requestedAt,
    words: `${command.action}: ${answerWords(command).word}`,
  }));
  return [...charges, ...sent].toSorted((a, b) => b.at.localeCompare(a.at));
}
