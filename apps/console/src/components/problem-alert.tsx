import { Button } from '@mantine/core';
import { ApiProblem } from '@ocpp-csms/api-client';
import { WarningIcon } from '../icons/icons.tsx';
import classes from './problem-alert.module.css';

interface ProblemAlertProps {
  error: unknown;
  /** What was to be done: `The charge points could not be read`. */
  what: string;
  onRetry?: () => void;
}

/** What happened, why, and what to do. */
export function ProblemAlert({ error, what, onRetry }: ProblemAlertProps) {
  const { detail, whatToDo, errors, reference } = partsOf(error);
  return (
    <div className={classes.alert} role="alert">
      <WarningIcon className={classes.icon} />
      <div className={classes.text}>
        <strong>{what}.</strong> {detail}
        {errors.length > 0 && (
          <ul className={classes.errors}>
            {errors.map(({ path, message }) => (
              <li key={path + message}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        )}
        <div className={classes.advice}>
          {whatToDo}
          {reference !== undefined && !whatToDo.includes(reference) && ` Reference: ${reference}.`}
        </div>
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function partsOf(error: unknown) {
  if (error instanceof ApiProblem) return error;
  return {
    detail: error instanceof Error ? error.message : String(error),
    whatToDo: 'This is a defect of the console. Reload the page; if it stays, tell who looks after this system.',
    errors: [],
    reference: undefined,
  };
}
