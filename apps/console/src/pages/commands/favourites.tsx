import { Button, Modal, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import type { CommandToMany } from '../../data/commands.ts';
import { BookmarkIcon, CrossIcon } from '../../icons/icons.tsx';
import classes from './send-command.module.css';

interface Favourite {
  name: string;
  action: string;
  payload: unknown;
}

const mostKept = 30;

/** Commands under a name, on this device, without to whom. */
export function Favourites({
  current,
  choose,
}: {
  current: CommandToMany | undefined;
  choose: (one: Favourite) => void;
}) {
  const [kept, setKept] = useLocalStorage<Favourite[]>({ key: 'csms-favourite-commands', defaultValue: [] });
  const [isNaming, setIsNaming] = useState(false);
  const [name, setName] = useState('');
  if (kept.length === 0 && current === undefined) return null;

  function keep(): void {
    if (current === undefined) return;
    const others = kept.filter((one) => one.name !== name.trim());
    setKept([...others, { name: name.trim(), action: current.action, payload: current.payload }].slice(-mostKept));
    setIsNaming(false);
    setName('');
  }

  return (
    <div className={classes.chips} role="group" aria-label="Favourites">
      {kept.map((one) => (
        <Button.Group key={one.name}>
          <Button variant="default" onClick={() => choose(one)}>
            {one.name}
          </Button>
          <Button
            variant="default"
            px={6}
            aria-label={`Forget ${one.name}`}
            onClick={() => setKept(kept.filter((other) => other !== one))}
          >
            <CrossIcon width="11" height="11" />
          </Button>
        </Button.Group>
      ))}
      {current !== undefined && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<BookmarkIcon width="13" height="13" />}
          onClick={() => setIsNaming(true)}
        >
          Keep this command …
        </Button>
      )}
      <Modal
        opened={isNaming}
        onClose={() => setIsNaming(false)}
        title="Keep this command"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            keep();
          }}
        >
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={60}
            data-autofocus
          />
          <Button type="submit" mt="md">
            Keep
          </Button>
        </form>
      </Modal>
    </div>
  );
}
