import { Button, TextInput } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { ButtonLink } from '../../../components/button-link.tsx';
import { useChargePoint } from '../../../data/charge-points.ts';
import { type Step, stepsOf } from '../../../data/doctor.ts';
import { useLiveEvent } from '../../../data/live-events.tsx';
import { useLiveMessages } from '../../../data/messages-live.ts';
import { useRefusedConnections } from '../../../data/refused.ts';
import { useUrlFilters } from '../../../data/url-filters.ts';
import { CheckIcon, CrossIcon, DotsIcon } from '../../../icons/icons.tsx';
import classes from './connection-doctor.module.css';

const kinds = { watch: 'text' } as const;
/** In the address when it is whoever comes next. */
const anybody = 'true';
const lookEveryMs = 3000;

/** Watches, while somebody stands at the charger, how far it comes; each step says what was seen and what to do. */
export function ConnectionDoctor() {
  const [{ watch }, setChosen] = useUrlFilters(kinds);
  const [identity, setIdentity] = useState('');
  if (watch === undefined)
    return (
      <section className={classes.doctor}>
        <h2>A charger does not come?</h2>
        <form
          className={classes.line}
          onSubmit={(event) => {
            event.preventDefault();
            setChosen({ watch: identity.trim() === '' ? anybody : identity.trim() });
          }}
        >
          <TextInput
            aria-label="Identity of the charger to watch"
            placeholder="Its identity, or nothing"
            value={identity}
            onChange={(event) => setIdentity(event.currentTarget.value)}
            maxLength={48}
          />
          <Button type="submit" variant="default">
            Watch it connect
          </Button>
          <span className="dim">Without an identity: whoever knocks next.</span>
        </form>
      </section>
    );
  return (
    <section className={classes.doctor} aria-live="polite">
      {watch === anybody ? (
        <Whoever found={(networkId) => setChosen({ watch: networkId })} />
      ) : (
        <Watched key={watch} networkId={watch} />
      )}
      <Button variant="subtle" color="gray" onClick={() => setChosen({ watch: undefined })}>
        Stop watching
      </Button>
    </section>
  );
}

function Whoever({ found }: { found: (networkId: string) => void }) {
  useLiveEvent(({ event, client }) => {
    if (event === 'ConnectionRefused' || event === 'ChargePointConnected') found(client);
  });
  return (
    <>
      <h2>Watching: whoever knocks next</h2>
      <Steps steps={stepsOf({ refused: undefined, chargePoint: undefined, messages: [] })} />
    </>
  );
}

function Watched({ networkId }: { networkId: string }) {
  const { data: chargePoint, refetch } = useChargePoint(networkId);
  const { data: refusals } = useRefusedConnections();
  const filters = useMemo(() => ({ client: networkId }), [networkId]);
  const { messages } = useLiveMessages(filters, 0);
  // A charge point that is not registered is an error to ask for, and may be registered at any moment.
  useEffect(() => {
    const timer = setInterval(() => void refetch(), lookEveryMs);
    return () => clearInterval(timer);
  }, [refetch]);
  const refused = refusals?.pages.flatMap(({ items }) => items).find((one) => one.networkId === networkId);
  const steps = stepsOf({ refused, chargePoint, messages });
  const isThere = steps.every(({ state }) => state === 'done');
  return (
    <>
      <h2>Watching {networkId}</h2>
      <Steps steps={steps} />
      {isThere && (
        <p>
          <strong>It works.</strong>{' '}
          <ButtonLink to="/charge-points/$id" params={{ id: networkId }}>
            Open {networkId}
          </ButtonLink>
        </p>
      )}
    </>
  );
}

const icons = { done: CheckIcon, failed: CrossIcon, waiting: DotsIcon } as const;
const words = { done: 'done', failed: 'not', waiting: 'waiting' } as const;

function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className={classes.steps}>
      {steps.map(({ id, title, state, seen, whatToDo }) => {
        const Icon = icons[state];
        return (
          <li key={id} data-state={state}>
            <Icon width="16" height="16" />
            <div>
              <strong>{title}</strong> <span className="dim">{words[state]}</span>
              {seen !== undefined && <div>{seen}</div>}
              {state !== 'done' && whatToDo !== undefined && <div className={classes.advice}>{whatToDo}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
