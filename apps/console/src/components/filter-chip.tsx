import { UnstyledButton } from '@mantine/core';
import type { ConnectorState } from '../format/connector-state.ts';
import classes from './filter-chip.module.css';
import { StatePill } from './state-pill.tsx';

interface FilterChipProps {
  state: string;
  count?: number | undefined;
  isChosen: boolean;
  onClick: () => void;
}

/** A state to filter by, and how many there are. */
export function FilterChip({ state, count, isChosen, onClick }: FilterChipProps) {
  return (
    <UnstyledButton className={classes.chip} aria-pressed={isChosen} onClick={onClick}>
      <StatePill
        state={state as ConnectorState}
        {...(count === undefined ? {} : { detail: count.toLocaleString('en') })}
      />
    </UnstyledButton>
  );
}
