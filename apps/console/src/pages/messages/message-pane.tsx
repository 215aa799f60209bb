import { CloseButton, Drawer, useMantineTheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Message } from '@ocpp-csms/api-client';
import { type ReactNode, useEffect, useRef } from 'react';
import { CompareView } from './compare-view.tsx';
import type { Open, Opened } from './filters.ts';
import classes from './message-pane.module.css';
import { MessageView } from './message-view.tsx';

interface MessagePaneProps {
  opened: Opened;
  /** Those that the list has need not be asked for. */
  rows: readonly Message[];
  open: Open;
}

/** What is open, beside the list; on a phone in its place. */
export function MessagePane({ opened, rows, open }: MessagePaneProps) {
  const [before, after] = opened.compare ?? [];
  if (before !== undefined && after !== undefined)
    return (
      <Pane title="Difference" close={() => open({ compare: undefined })}>
        <CompareView before={before} after={after} open={open} />
      </Pane>
    );
  const id = opened.message;
  if (id === undefined) return null;
  return (
    <Pane title="Message" close={() => open({ message: undefined })}>
      <MessageView key={id} id={id} row={rows.find((row) => row.id === id)} open={open} />
    </Pane>
  );
}

interface PaneProps {
  title: string;
  close: () => void;
  children: ReactNode;
}

function Pane({ title, close, children }: PaneProps) {
  const theme = useMantineTheme();
  const isNarrow = useMediaQuery(`(max-width: ${theme.breakpoints.md})`, undefined, { getInitialValueInEffect: false });
  useEscape(close, isNarrow === true);
  if (isNarrow)
    return (
      <Drawer
        opened
        onClose={close}
        position="bottom"
        size="100%"
        title={title}
        closeButtonProps={{ 'aria-label': 'Close' }}
        transitionProps={{ duration: 0 }}
      >
        {children}
      </Drawer>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <aside className={classes.pane} aria-label={title} tabIndex={0}>
      <div className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <CloseButton aria-label="Close" onClick={close} />
      </div>
      {children}
    </aside>
  );
}

/** A drawer has it of its own. */
function useEscape(close: () => void, isOff: boolean): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (isOff) return;
    const onKeyDown = ({ key, defaultPrevented, target }: KeyboardEvent) => {
      const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select');
      if (key === 'Escape' && !defaultPrevented && !isTyping) latest.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isOff]);
}
