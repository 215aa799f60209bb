import { ProblemAlert } from '../components/problem-alert.tsx';
import classes from './page-error.module.css';

interface PageErrorProps {
  error: unknown;
  reset?: () => void;
}

/** A page that failed takes nothing else with it. */
export function PageError({ error, reset }: PageErrorProps) {
  return (
    <div className={classes.place}>
      <ProblemAlert error={error} what="This page cannot be shown" {...(reset ? { onRetry: reset } : {})} />
    </div>
  );
}
