import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useShownName } from '../data/system-name.ts';
import classes from './page-head.module.css';

interface PageHeadProps {
  title: string;
  /** Beside the title: a count, a state. */
  aside?: ReactNode;
  /** At the end of the line. */
  actions?: ReactNode;
  /** Below: filters, tabs. */
  children?: ReactNode;
}

export function PageHead({ title, aside, actions, children }: PageHeadProps) {
  const name = useShownName();
  useDocumentTitle(`${title} · ${name}`);
  return (
    <header className={classes.head}>
      <div className={classes.line}>
        <h1 className={classes.title}>{title}</h1>
        {aside !== undefined && <div className={classes.aside}>{aside}</div>}
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </header>
  );
}
