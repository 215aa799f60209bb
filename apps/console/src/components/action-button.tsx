import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Role, useMayNot } from '../data/session.ts';

export interface ActionButtonProps extends Omit<ButtonProps, 'disabled'> {
  /** The role that it takes. */
  needs: Role;
  /** Why it cannot be done now, beside the role. */
  mayNot?: string | undefined;
  onClick: () => void;
  children: ReactNode;
}

/** A button for what changes something. Where it may not be used it says why, and stays in its place. */
export function ActionButton({ needs, mayNot, onClick, children, ...button }: ActionButtonProps) {
  const roleMayNot = useMayNot(needs);
  const reason = roleMayNot ?? mayNot;
  return (
    <Tooltip label={reason} disabled={reason === undefined}>
      <Button
        variant="default"
        {...button}
        onClick={(event) => (reason === undefined ? onClick() : event.preventDefault())}
        // Not `disabled`: the reason must be reached by hover, by touch and by the keyboard.
        {...(reason === undefined ? {} : { 'data-disabled': true, 'aria-disabled': true })}
        aria-description={reason}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
