import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.tsx';

interface ConfirmActionProps {
  opened: boolean;
  onClose: () => void;
  /** As a question that names the target: `Reset Car park, left?` */
  title: string;
  /** What will follow from it. */
  consequence: ReactNode;
  /** The word on the button: `Reset`. */
  verb: string;
  onConfirm: () => void;
  isPending?: boolean;
  error?: unknown;
  children?: ReactNode;
}

/** Before something that cannot be taken back: to whom, and what follows. */
export function ConfirmAction(props: ConfirmActionProps) {
  const { opened, onClose, title, consequence, verb, onConfirm, isPending = false, error, children } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        <p style={{ marginTop: 0 }}>{consequence}</p>
        {children}
        {error !== undefined && error !== null && <ProblemAlert error={error} what={`${verb} failed`} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            {verb}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
