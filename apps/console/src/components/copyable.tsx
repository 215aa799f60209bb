import { Tooltip, UnstyledButton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { CheckIcon, CopyIcon } from '../icons/icons.tsx';
import { copyText } from './copy-text.ts';
import classes from './copyable.module.css';

interface CopyableProps {
  text: string;
  /** What is shown; the text itself when it is left out. */
  children?: ReactNode;
  /** Of what it is, for the name of the button: `message id`. */
  what: string;
}

const shownMs = 1500;

/** An id, an address: one click copies it. */
export function Copyable({ text, children, what }: CopyableProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | undefined>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async () => setOutcome((await copyText(text)) ? 'copied' : 'failed');
  return (
    <Tooltip label={words(outcome, what)}>
      <UnstyledButton className={classes.copyable} onClick={copy} aria-label={`Copy ${what} ${text}`}>
        <span className={classes.text}>{children ?? text}</span>
        {outcome === 'copied' ? (
          <CheckIcon width="13" height="13" />
        ) : (
          <CopyIcon className={classes.icon} width="13" height="13" />
        )}
      </UnstyledButton>
    </Tooltip>
  );
}

function words(outcome: 'copied' | 'failed' | undefined, what: string): string {
  if (outcome === 'copied') return 'Copied';
  return outcome === 'failed' ? 'The browser does not allow it; select the text and copy it' : `Copy ${what}`;
}
