import type { ReactNode } from 'react';
import { CheckIcon, WarningIcon } from '../icons/icons.tsx';
import classes from './verdict.module.css';

/** Whether something is well, beside the word that says what it is. */
export function Verdict({ isGood, children }: { isGood: boolean; children: ReactNode }) {
  const Icon = isGood ? CheckIcon : WarningIcon;
  return (
    <span className={classes.verdict} data-good={isGood}>
      <Icon width="13" height="13" /> {children}
    </span>
  );
}
