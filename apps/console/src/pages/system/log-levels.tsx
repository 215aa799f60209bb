import { Select, Skeleton } from '@mantine/core';
import { Facts } from '../../components/facts.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { useMayNot } from '../../data/session.ts';
import { type LogLevel, logLevels, useLogLevels, useSetLogLevel } from '../../data/system.ts';
import classes from './system-page.module.css';

/** How much each part says, changed until the next start. */
export function LogLevels() {
  const { data, error, refetch } = useLogLevels();
  const { mutate, error: refusal } = useSetLogLevel();
  const mayNot = useMayNot('admin');
  return (
    <Scrolling className={classes.sections} label="Log levels">
      <section>
        <h2>How much this process logs</h2>
        {error && <ProblemAlert error={error} what="The levels could not be read" onRetry={() => refetch()} />}
        {refusal && <ProblemAlert error={refusal} what="The level was not changed" />}
        {!data && !error && <Skeleton height={160} />}
        {data && (
          <Facts
            facts={Object.entries(data).map(([part, level]) => [
              part,
              <Select
                key={part}
                aria-label={`Level of ${part}`}
                data={[...logLevels]}
                value={level}
                onChange={(next) => next !== null && mutate({ part, level: next as LogLevel })}
                allowDeselect={false}
                disabled={mayNot !== undefined}
                w={120}
              />,
            ])}
          />
        )}
        <p className="dim">
          Until the next start. For good: <code>log.level</code> and <code>log.levels</code> in conf.yaml. {mayNot}
        </p>
      </section>
    </Scrolling>
  );
}
