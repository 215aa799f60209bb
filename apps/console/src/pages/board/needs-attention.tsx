import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answerWords } from '../../commands/answer-words.ts';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StatePill } from '../../components/state-pill.tsx';
import { TransactionLink } from '../../components/transaction-columns.tsx';
import { type Attention, mostNamed, useAttention } from '../../data/attention.ts';
import { WarningIcon } from '../../icons/icons.tsx';
import classes from './needs-attention.module.css';

interface Matter {
  id: string;
  who: ReactNode;
  what: ReactNode;
  since?: string | null | undefined;
}

interface Kind {
  title: string;
  whatToDo: string;
  /** Where all of them are. */
  more: { to: string; search: Record<string, string> };
  mattersOf: (attention: Attention) => Matter[];
}

const kinds: readonly Kind[] = [
  {
    title: 'Faulted',
    whatToDo: 'Open it: what the charger says is beside the connector. Restart it when it is idle, else send somebody.',
    more: { to: '/charge-points', search: { state: 'faulted' } },
    mattersOf: ({ faulted }) =>
      faulted.map(({ networkId, name, connectors }) => ({
        id: networkId,
        who: <ChargePointLink networkId={networkId} name={name} />,
        what: connectors
          .filter(({ status }) => status === 'Faulted')
          .map(({ evseId, connectorId }) => (
            <StatePill key={`${evseId} ${connectorId}`} state="faulted" label={String(evseId ?? connectorId)} />
          )),
      })),
  },
  {
    title: 'Refused',
    whatToDo: 'Adopt it if it is yours, else correct what it comes with: the page says what.',
    more: { to: '/not-connected', search: {} },
    mattersOf: ({ refused }) =>
      refused.map(({ networkId, words, lastAt }) => ({
        id: networkId,
        who: (
          <Link to="/not-connected" className="mono">
            {networkId}
          </Link>
        ),
        what: words,
        since: lastAt,
      })),
  },
  {
    title: 'Silent',
    whatToDo: 'Look at its power and its network. It connects by itself when both are there.',
    more: { to: '/charge-points', search: { state: 'offline' } },
    mattersOf: ({ offline }) =>
      offline.map(({ networkId, name, connection }) => ({
        id: networkId,
        who: <ChargePointLink networkId={networkId} name={name} />,
        what: 'last heard',
        since: connection.lastSeenAt,
      })),
  },
  {
    title: 'Charges that do not end',
    whatToDo: 'Its end was probably never sent. Look whether the vehicle is still there; stop the charge if it is not.',
    more: { to: '/transactions', search: { active: 'true' } },
    mattersOf: ({ stuck }) =>
      stuck.map((transaction) => ({
        id: transaction.id,
        who: <ChargePointLink networkId={transaction.networkId} />,
        what: (
          <>
            transaction <TransactionLink transaction={transaction} /> began
          </>
        ),
        since: transaction.startedAt,
      })),
  },
  {
    title: 'Commands that came to nothing',
    whatToDo: 'Open the charge point, Commands: what it answered is there, and it can be sent again.',
    more: { to: '/commands', search: {} },
    mattersOf: ({ commands }) =>
      commands.map((command) => ({
        id: command.commandId,
        who: <ChargePointLink networkId={command.networkId} />,
        what: `${command.action}: ${answerWords(command).word}`,
        since: command.requestedAt,
      })),
  },
];

/** What somebody should look at, and what to do about it. */
export function NeedsAttention() {
  const { data, error, refetch } = useAttention();
  return (
    <section aria-label="Needs attention" className={classes.attention}>
      <h2>Needs attention</h2>
      {error && !data && (
        <ProblemAlert error={error} what="What needs attention could not be read" onRetry={() => refetch()} />
      )}
      {!data && !error && <Skeleton height={60} />}
      {data && <Kinds attention={data} />}
    </section>
  );
}

function Kinds({ attention }: { attention: Attention }) {
  const found = kinds
    .map((kind) => ({ ...kind, matters: kind.mattersOf(attention) }))
    .filter(({ matters }) => matters.length > 0);
  if (found.length === 0) return <p className={classes.nothing}>Nothing: all is as it should be.</p>;
  return (
    <ul className={classes.kinds}>
      {found.map(({ title, whatToDo, more, matters }) => (
        <li key={title}>
          <h3>
            <WarningIcon width="13" height="13" /> {title} <span className={classes.advice}>{whatToDo}</span>
          </h3>
          <ul className={classes.matters}>
            {matters.slice(0, mostNamed).map(({ id, who, what, since }) => (
              <li key={id}>
                <span className={classes.who}>{who}</span>
                <span className={classes.what}>{what}</span>
                {since !== undefined && (
                  <span className="dim">
                    <RelativeTime at={since} />
                  </span>
                )}
              </li>
            ))}
          </ul>
          {matters.length > mostNamed && (
            <Link to={more.to} search={more.search} className={classes.more}>
              More of them
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
