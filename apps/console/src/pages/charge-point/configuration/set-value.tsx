import { Button, Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { ActionButton } from '../../../components/action-button.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { answerToSet, contentToSet, nameOf, placeOf, useSetConfiguration } from '../../../data/configuration.ts';
import { useMayNot } from '../../../data/session.ts';
import classes from './configuration-tab.module.css';

interface SetValueProps {
  networkId: string;
  item: ConfigurationItem;
  onClose: () => void;
}

const words: Readonly<Record<string, string>> = {
  Accepted: 'it is set.',
  RebootRequired: 'it is set, and holds after a restart.',
  Rejected: 'the charge point refuses this value.',
  NotSupported: 'the charge point does not know this.',
  UnknownComponent: 'the charge point has no such component.',
  UnknownVariable: 'the charge point has no such variable.',
  NotSupportedAttributeType: 'this cannot be set in that way.',
};

/** Sets one key or variable, and says what the charge point made of it. */
export function SetValue({ networkId, item, onClose }: SetValueProps) {
  const [value, setValue] = useState(item.secret ? '' : (item.desired ?? item.value ?? ''));
  const { mutate, isPending, error } = useSetConfiguration(networkId);
  const roleMayNot = useMayNot('operator');
  const mayNot = item.readOnly ? 'The charge point says that it cannot be changed.' : undefined;
  const name = [placeOf(item), nameOf(item)].filter((part) => part !== '').join(' · ');

  const set = () =>
    mutate(contentToSet(item, value), {
      onSuccess: ({ response, error: refusal }) => {
        const said = answerToSet(response) ?? refusal?.description ?? 'no answer';
        const isGood = said === 'Accepted' || said === 'RebootRequired';
        notifications.show({
          title: name,
          message: `${said}: ${words[said] ?? ''}`,
          ...(isGood ? {} : { color: 'red' }),
        });
        if (isGood) onClose();
      },
    });

  return (
    <Modal opened onClose={onClose} title={name} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (roleMayNot === undefined && mayNot === undefined) set();
        }}
      >
        <TextInput
          label="Value"
          description={item.desired === undefined ? undefined : `The template wants ${item.desired}.`}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          data-autofocus
        />
        {error && <ProblemAlert error={error} what="It was not set" />}
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <ActionButton needs="operator" variant="filled" mayNot={mayNot} loading={isPending} onClick={set}>
            Set
          </ActionButton>
        </div>
      </form>
    </Modal>
  );
}
