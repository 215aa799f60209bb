import { Skeleton } from '@mantine/core';
import type { Moment } from '@ocpp-csms/api-client';
import type { ReactNode } from 'react';
import { Copyable } from '../../components/copyable.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { StatePill } from '../../components/state-pill.tsx';
import { useMoment } from '../../data/messages.ts';
import { stateOf } from '../../format/connector-state.ts';
import { exactTime, span } from '../../format/time.ts';
import type { Open } from './filters.ts';
import classes from './message-list.module.css';
import pane from './message-pane.module.css';

interface MomentViewProps {
  networkId: string;
  /** ISO 8601. */
  at: string;
  open: Open;
}

/** How the charge point was when the message was said, by what it had said until then. */
export function MomentView({ networkId, at, open }: MomentViewProps) {
  const { data, error, refetch } = useMoment(networkId, at);
  return (
    <section className={pane.section} aria-label="The state then">
      <h3>
        {networkId} at {exactTime(Date.parse(at))}
      </h3>
      {error && <ProblemAlert error={error} what="The log could not be read" onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={90} />}
      {data && <Facts moment={data} at={Date.parse(at)} open={open} />}
    </section>
  );
}

function Facts({ moment, at, open }: { moment: Moment; at: number; open: Open }) {
  const { lastHeardAt, lastHeartbeatAt, lastBoot, connectors, transactions, lookedBackTo } = moment;
  const before = (time: string) => `${span(Math.max(0, at - Date.parse(time)))} before`;
  const when = (time: string | null) => (time === null ? 'nothing in the log' : <Time at={time}>{before(time)}</Time>);
  const show = (id: string, words: string) => (
    <button type="button" className={classes.link} onClick={() => open({ message: id })}>
      {words}
    </button>
  );
  return (
    <>
      <dl className={pane.facts}>
        <dt>Connectors</dt>
        <dd>
          {connectors.length === 0 && 'no status in the log'}
          <ul className={pane.states}>
            {connectors.map(({ evseId, connectorId, status, errorCode, since, messageId }) => (
              <li key={`${evseId} ${connectorId}`}>
                <StatePill
                  state={stateOf({ status }, { connected: true })}
                  label={nameOf(evseId, connectorId)}
                  {...(errorCode === undefined ? {} : { detail: errorCode })}
                />{' '}
                <Time at={since}>since {before(since)}</Time> · {show(messageId, status)}
              </li>
            ))}
          </ul>
        </dd>
        <dt>Transactions</dt>
        <dd>
          {transactions.length === 0 && 'none was active'}
          <ul className={pane.states}>
            {transactions.map(
              ({ transactionId, evseId, connectorId, idToken, startedAt, chargingState, messageId }) => (
                <li key={transactionId}>
                  <Copyable text={transactionId} what="transaction id" />{' '}
                  {[
                    evseId !== undefined || connectorId !== undefined ? `at ${nameOf(evseId, connectorId)}` : undefined,
                    idToken && `by ${idToken}`,
                    chargingState,
                  ]
                    .filter((part) => part !== undefined)
                    .join(' · ')}{' '}
                  · <Time at={startedAt}>begun {before(startedAt)}</Time> · {show(messageId, 'its start')}
                </li>
              ),
            )}
          </ul>
        </dd>
        <dt>Last boot</dt>
        <dd>
          {lastBoot === null ? (
            'nothing in the log'
          ) : (
            <>
              {when(lastBoot.at)} ·{' '}
              {[lastBoot.vendor, lastBoot.model, lastBoot.firmwareVersion].filter(Boolean).join(' ')} ·{' '}
              {show(lastBoot.messageId, lastBoot.registration ?? 'not answered')}
            </>
          )}
        </dd>
        <dt>Last Heartbeat</dt>
        <dd>{when(lastHeartbeatAt)}</dd>
        <dt>Last heard</dt>
        <dd>{when(lastHeardAt)}</dd>
      </dl>
      {lookedBackTo !== undefined && (
        <p className="dim">
          There was much to look through: what was said before {exactTime(Date.parse(lookedBackTo))} may be missing.
        </p>
      )}
    </>
  );
}

function Time({ at, children }: { at: string; children: ReactNode }) {
  return (
    <time dateTime={at} title={exactTime(Date.parse(at))}>
      {children}
    </time>
  );
}

function nameOf(evseId: number | undefined, connectorId: number | undefined): string {
  if (evseId === undefined) return connectorId === 0 ? 'whole' : String(connectorId);
  return connectorId === undefined ? `EVSE ${evseId}` : `${evseId}.${connectorId}`;
}
