import { Button } from '@mantine/core';
import type { Message } from '@ocpp-csms/api-client';
import { CopyButton } from './copy-button.tsx';
import classes from './selection-bar.module.css';

interface SelectionBarProps {
  chosen: readonly Message[];
  compare: (ids: string[]) => void;
  clear: () => void;
}

/** What can be done with those that are selected. */
export function SelectionBar({ chosen, compare, clear }: SelectionBarProps) {
  // The older one is the one before.
  const inTime = chosen.toSorted((one, other) => Date.parse(one.messageTime) - Date.parse(other.messageTime));
  const isTwo = chosen.length === 2;
  return (
    <div className={classes.bar} role="region" aria-label="What is selected">
      <strong>{chosen.length} selected</strong>
      <Button
        data-disabled={!isTwo || undefined}
        aria-disabled={!isTwo}
        onClick={() => isTwo && compare(inTime.map(({ id }) => id))}
      >
        Compare
      </Button>
      {!isTwo && <span className="dim">Select two to compare them.</span>}
      <CopyButton text={() => inTime.map((message) => JSON.stringify(message)).join('\n')}>
        Copy as JSON Lines
      </CopyButton>
      <Button variant="subtle" color="gray" onClick={clear}>
        Select none
      </Button>
    </div>
  );
}
