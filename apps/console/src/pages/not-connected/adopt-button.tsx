import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { RefusedConnection } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ConfirmAction } from '../../components/confirm-action.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { type AdoptChoice, useAdopt } from '../../data/refused.ts';

/** Lets it in: at once where it is new, after a question where it takes the place of what is registered. */
export function AdoptButton({ refused }: { refused: RefusedConnection }) {
  const { networkId, adoptable, known, whatToDo, credentials } = refused;
  const [isAsking, setIsAsking] = useState(false);
  const { mutate, isPending, data, error, reset } = useAdopt();

  function adopt(choice: Omit<AdoptChoice, 'networkId'> = {}): void {
    mutate(
      { networkId, ...choice },
      {
        onSuccess: ({ warning }) => {
          setIsAsking(false);
          notifications.show({
            title: `${networkId} is adopted`,
            message: `It is let in when it knocks again, most do within a minute.${warning === undefined ? '' : ` ${warning}`}`,
            autoClose: warning === undefined ? 8000 : 20_000,
          });
        },
      },
    );
  }

  return (
    <>
      <ActionButton
        needs="operator"
        variant={adoptable ? 'filled' : 'default'}
        mayNot={adoptable ? undefined : whatToDo}
        loading={isPending && !isAsking}
        onClick={() => (known ? setIsAsking(true) : adopt())}
      >
        {known ? 'Take over its password' : 'Adopt'}
      </ActionButton>
      <ConfirmAction
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Take over what ${networkId} came with?`}
        consequence={
          credentials === 'basic'
            ? 'The password that it offered becomes its password. The one that is registered now lets nobody in any more. Do it only if you are sure that this is your charge point.'
            : 'It is let in without a password from now on: whoever knows its identity can connect as it.'
        }
        verb="Take over"
        onConfirm={() =>
          adopt(
            credentials === 'basic' ? { replaceCredentials: true } : { replaceCredentials: true, securityProfile: 0 },
          )
        }
        isPending={isPending}
        error={error}
      />
      <Modal
        opened={error !== null && !isAsking}
        onClose={reset}
        title={`${networkId} is not adopted`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ProblemAlert error={error} what="It could not be adopted" />
      </Modal>
      <Modal
        opened={data?.password !== undefined}
        onClose={reset}
        title={`The password of ${networkId}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <p>Type it into the charge point. It is shown only now.</p>
        <Copyable text={data?.password ?? ''} what="password" />
        <Button mt="md" onClick={reset}>
          Done
        </Button>
      </Modal>
    </>
  );
}
