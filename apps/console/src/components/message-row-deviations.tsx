import type { Message } from '@ocpp-csms/api-client';
import { WarningIcon } from '../icons/icons.tsx';
import type { lintOf as LintOf } from './json-view-meanings/lint-rules.ts';
import classes from './message-row.module.css';

interface MessageDeviationsProps {
  message: Message;
  /** Undefined until the words are loaded; the name of the rule does until then. */
  lintOf: typeof LintOf | undefined;
}

/** Where a message is not as the specification says, with the clause, and what was made of it. */
export function MessageDeviations({ message, lintOf }: MessageDeviationsProps) {
  const { deviations = [], protocol, body } = message;
  if (deviations.length === 0) return null;
  const said = { protocol, action: body.messageType, direction: body.direction };
  return (
    <ul className={classes.deviations} aria-label="Where it is not as the specification says">
      {deviations.map(({ rule, path, made, value }) => {
        const lint = lintOf?.(rule, said);
        return (
          <li key={rule + path}>
            <span className={classes.rule}>
              <WarningIcon width="12" height="12" /> {rule}
              {lint?.clause !== undefined && ` · ${lint.clause}`}
            </span>{' '}
            {path !== '' && (
              <>
                <code>{path}</code>:{' '}
              </>
            )}
            {lint?.words ?? 'not as the specification says'}.{' '}
            {value !== undefined && (
              <>
                Sent: <code>{JSON.stringify(value)}</code>.{' '}
              </>
            )}
            What was made of it: {made}.
          </li>
        );
      })}
    </ul>
  );
}
