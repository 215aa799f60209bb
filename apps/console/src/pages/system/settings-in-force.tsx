import { Skeleton } from '@mantine/core';
import { Facts } from '../../components/facts.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { SystemNameForm } from '../../components/system-name-form.tsx';
import { useProcess } from '../../data/system.ts';
import { inWords, size } from '../../format/quantity.ts';
import classes from './system-page.module.css';

/** What this process runs with. Passwords and keys are not in it. */
export function SettingsInForce() {
  const { data, error, refetch } = useProcess();
  if (error)
    return (
      <Scrolling className={classes.sections} label="Settings and keys">
        <ProblemAlert error={error} what="The settings could not be read" onRetry={() => refetch()} />
      </Scrolling>
    );
  if (!data)
    return (
      <Scrolling className={classes.sections} label="Settings and keys">
        <Skeleton height={200} />
      </Scrolling>
    );
  return (
    <Scrolling className={classes.sections} label="Settings and keys">
      <section>
        <h2>This system</h2>
        <SystemNameForm />
      </section>
      <section>
        <h2>This process</h2>
        <Facts
          facts={[
            ['Version', data.version],
            ['Node', data.node],
            ['Node.js', data.nodejs],
            ['Started', <RelativeTime key="s" at={data.startedAt} />],
            ['Memory', inWords(size(data.residentBytes))],
          ]}
        />
      </section>
      <section>
        <h2>Keys of the API</h2>
        <Facts facts={data.keys.map(({ name, role }) => [name, role])} />
        <p className="dim">
          More of them: <code>http.apiKeys</code> in conf.yaml, with a name, a role and the key.
        </p>
      </section>
      <section className={classes.wide}>
        <h2>Settings in force</h2>
        <JsonView value={data.settings} label="Settings in force" />
      </section>
    </Scrolling>
  );
}
