import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Copyable } from '../../components/copyable.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { SystemNameForm } from '../../components/system-name-form.tsx';
import { useRefusedConnections } from '../../data/refused.ts';
import { HowToConnect } from '../not-connected/how-to-connect.tsx';
import { RefusedCard } from '../not-connected/refused-card.tsx';
import classes from './first-run.module.css';
import { StartDemo } from './start-demo.tsx';

/** Nothing is registered yet: the way to the first charger. Ends by itself when one is there. */
export function FirstRun({ url }: { url: string }) {
  const { data } = useRefusedConnections();
  const knocked = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Scrolling className={classes.first} label="First run">
      <p className={classes.words}>The system runs. Nobody is registered yet.</p>
      <SystemNameForm />
      <HowToConnect url={url} />
      <section aria-live="polite">
        <h2>{knocked.length === 0 ? 'Waiting for it to knock …' : 'It knocked'}</h2>
        {knocked.length === 0 && (
          <p className="dim">
            This page changes when it does. Nothing comes?{' '}
            <Link to="/not-connected" search={{ watch: 'true' }}>
              Watch what happens
            </Link>{' '}
            while you stand at the charger.
          </p>
        )}
        {knocked.map((refused) => (
          <RefusedCard key={refused.networkId} refused={refused} />
        ))}
      </section>
      <section>
        <h2>No charger at hand?</h2>
        <p>
          A simulated one, in another terminal: <Copyable text="npm run simulate -- --id CP001" what="command" />
        </p>
        <StartDemo />
      </section>
      <section>
        <Button component="a" href="/docs/guide/get-started" variant="default">
          The guide
        </Button>
      </section>
    </Scrolling>
  );
}
