import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useRenameSystem, useSystemName } from '../data/system-name.ts';
import { ActionButton } from './action-button.tsx';
import { ProblemAlert } from './problem-alert.tsx';
import classes from './system-name-form.module.css';

const longest = 60;

/** What people call this system: it stands above the pages and in the title of the window. */
export function SystemNameForm() {
  const { data } = useSystemName();
  const [typed, setTyped] = useState<string>();
  const { mutate, isPending, error } = useRenameSystem();
  const name = typed ?? data?.name ?? '';
  const save = () => mutate(name, { onSuccess: () => setTyped(undefined) });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextInput
        label="Name of the system"
        placeholder="Harbour Charging"
        value={name}
        onChange={(event) => setTyped(event.currentTarget.value)}
        maxLength={longest}
        w={260}
      />
      <ActionButton
        needs="admin"
        mayNot={name.trim() === data?.name ? 'It has this name.' : undefined}
        loading={isPending}
        onClick={save}
      >
        Save the name
      </ActionButton>
      {error && <ProblemAlert error={error} what="It was not renamed" />}
    </form>
  );
}
