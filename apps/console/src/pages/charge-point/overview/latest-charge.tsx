import { Skeleton } from '@mantine/core';
import type { Transaction } from '@ocpp-csms/api-client';
import { ChargeChart } from '../../../components/charge-chart/charge-chart.tsx';
import { Figure } from '../../../components/figure.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { useMeterValues, useTransactionsOf } from '../../../data/charging.ts';
import { energy } from '../../../format/quantity.ts';
import { duration } from '../../../format/time.ts';
import classes from './overview-tab.module.css';

/** The charge that goes on, else the last one, over time. */
export function LatestCharge({ networkId }: { networkId: string }) {
  const { data, error, refetch } = useTransactionsOf(networkId);
  if (error) return <ProblemAlert error={error} what="The charges could not be read" onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={120} />;
  const latest = data.items.find(({ active }) => active) ?? data.items[0];
  if (!latest) {
    return (
      <section className={classes.section}>
        <h2>Latest charge</h2>
        <p className="dim">Nobody has charged here yet. Hold a card to it, or start a charge above.</p>
      </section>
    );
  }
  return <Charge transaction={latest} />;
}

function Charge({ transaction }: { transaction: Transaction }) {
  const { data: readings } = useMeterValues(transaction.id, transaction.active);
  const end = transaction.stoppedAt ?? new Date().toISOString();
  return (
    <section className={classes.section}>
      <div className={classes.heading}>
        <h2>{transaction.active ? 'Charging now' : 'Latest charge'}</h2>
        <span>
          <Figure {...energy(transaction.energyWh)} />
        </span>
        <span className="dim">
          {duration(Date.parse(end) - Date.parse(transaction.startedAt))} · began{' '}
          <RelativeTime at={transaction.startedAt} />
          {transaction.idToken !== undefined && ` · ${transaction.idToken}`}
          {transaction.reason !== undefined && ` · ended: ${transaction.reason}`}
        </span>
      </div>
      {transaction.flags.map(({ code, words }) => (
        <p key={code} className="dim">
          {words}
        </p>
      ))}
      {readings ? <ChargeChart readings={readings} /> : <Skeleton height={220} />}
    </section>
  );
}
