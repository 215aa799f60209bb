import { notifications } from '@mantine/notifications';
import { ApiProblem } from '@ocpp-csms/api-client';
import { useCallback } from 'react';
import { useSendCommand } from '../data/commands.ts';
import { answerWords } from './answer-words.ts';
import type { CommandContent } from './quick-actions.ts';

/** Sends a command, and says what the charge point answered, without standing in the way meanwhile. */
export function useCommand(networkId: string, name: string) {
  const { mutate, isPending } = useSendCommand();
  const send = useCallback(
    ({ action, payload }: CommandContent, label = action) => {
      const id = `${networkId} ${action} ${Date.now()}`;
      notifications.show({ id, loading: true, autoClose: false, title: name, message: `${label} …` });
      mutate(
        { networkId, action, payload },
        {
          onSuccess: (result) => {
            const { word, detail, isGood } = answerWords(result);
            notifications.update({
              id,
              loading: false,
              autoClose: isGood ? 5000 : 15_000,
              title: name,
              message: `${label}: ${word}${detail === undefined ? '' : ` (${detail})`}`,
              ...(isGood ? {} : { color: 'red' }),
            });
          },
          onError: (error) => {
            const problem = error instanceof ApiProblem ? error : undefined;
            notifications.update({
              id,
              loading: false,
              autoClose: 20_000,
              color: 'red',
              title: `${name}: ${label} failed`,
              message: problem ? `${problem.detail} ${problem.whatToDo}` : error.message,
            });
          },
        },
      );
    },
    [mutate, name, networkId],
  );
  return { send, isPending };
}
