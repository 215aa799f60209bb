import { Button, useMantineTheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { FilterIcon } from '../icons/icons.tsx';
import classes from './filters.module.css';

interface FiltersProps {
  children: ReactNode;
  /** Where there is little room, behind a button. */
  more?: ReactNode;
  /** Something of `more` is in use: it is shown whatever the room. */
  isMoreUsed?: boolean;
  /** At the end: what is done with what is left. */
  end?: ReactNode;
}

/** What a list is filtered by. */
export function Filters({ children, more, isMoreUsed = false, end }: FiltersProps) {
  const theme = useMantineTheme();
  const isNarrow = useMediaQuery(`(max-width: ${theme.breakpoints.sm})`, undefined, { getInitialValueInEffect: false });
  const [isOpen, setIsOpen] = useState(isMoreUsed);
  return (
    <div className={classes.bar} role="search">
      {children}
      {more !== undefined && isNarrow && (
        <Button
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          leftSection={<FilterIcon width="13" height="13" />}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Fewer filters' : 'More filters'}
        </Button>
      )}
      {(!isNarrow || isOpen) && more}
      {end !== undefined && <div className={classes.end}>{end}</div>}
    </div>
  );
}
