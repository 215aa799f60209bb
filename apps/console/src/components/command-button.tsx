import type { ButtonProps } from '@mantine/core';
import { useState } from 'react';
import type { CommandContent } from '../commands/quick-actions.ts';
import { useCommand } from '../commands/use-command.tsx';
import { ActionButton } from './action-button.tsx';
import { ConfirmAction } from './confirm-action.tsx';

interface CommandButtonProps extends Omit<ButtonProps, 'disabled'> {
  chargePoint: { networkId: string; name: string };
  label: string;
  content: CommandContent;
  /** What follows from it, before it is sent. Undefined: it is sent at once. */
  consequence?: string | undefined;
  question?: string;
  mayNot?: string | undefined;
}

/** Sends one command to one charge point; the answer is shown when it comes. */
export function CommandButton(props: CommandButtonProps) {
  const { chargePoint, label, content, consequence, question, mayNot, ...button } = props;
  const [isAsking, setIsAsking] = useState(false);
  const { send, isPending } = useCommand(chargePoint.networkId, chargePoint.name);
  const sendNow = () => {
    setIsAsking(false);
    send(content, label);
  };
  return (
    <>
      <ActionButton
        needs="operator"
        mayNot={mayNot}
        loading={isPending}
        {...button}
        onClick={() => (consequence === undefined ? sendNow() : setIsAsking(true))}
      >
        {label}
      </ActionButton>
      {consequence !== undefined && (
        <ConfirmAction
          opened={isAsking}
          onClose={() => setIsAsking(false)}
          title={question ?? `${label}: ${chargePoint.name}?`}
          consequence={consequence}
          verb={label}
          onConfirm={sendNow}
        />
      )}
    </>
  );
}
