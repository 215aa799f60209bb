import { Button, Skeleton } from '@mantine/core';
import { ApiProblem, type TransactionDetail } from '@ocpp-csms/api-client';
import { Link, useParams } from '@tanstack/react-router';
import { ChargeChart } from '../../components/charge-chart/charge-chart.tsx';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Figure } from '../../components/figure.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { outletOf, State } from '../../components/transaction-columns.tsx';
import { useMeterValues } from '../../data/charging.ts';
import { useTransaction } from '../../data/transactions.ts';
import { energy } from '../../format/quantity.ts';
import { duration } from '../../format/time.ts';
import { Evidence } from './evidence.tsx';
import { SaveReadings } from './save-readings.tsx';
import { StopCharge } from './stop-charge.tsx';
import { TransactionFacts } from './transaction-facts.tsx';
import { TransactionFlags } from './transaction-flags.tsx';
import classes from './transaction-page.module.css';

const chartHeight = 280;

/** One charge: what it drew over time, what it rests on, and what is doubtful about it. */
export default function TransactionPage() {
  const { id = '' } = useParams({ strict: false });
  const { data: transaction, error, refetch } = useTransaction(id);
  if (error instanceof ApiProblem && error.status === 404 && !transaction) return <NotThere id={id} />;
  if (error && !transaction)
    return (
      <div className={classes.wait}>
        <ProblemAlert error={error} what="The transaction could not be read" onRetry={() => refetch()} />
      </div>
    );
  if (!transaction)
    return (
      <div className={classes.wait} role="status" aria-label="It is being read">
        <Skeleton height={26} width={260} />
        <Skeleton height={chartHeight} />
      </div>
    );
  return <Transaction transaction={transaction} />;
}

function Transaction({ transaction }: { transaction: TransactionDetail }) {
  const { data: readings, error } = useMeterValues(transaction.id, transaction.active);
  const end = transaction.stoppedAt === undefined ? Date.now() : Date.parse(transaction.stoppedAt);
  return (
    <>
      <PageHead
        title={`Transaction ${transaction.transactionId}`}
        aside={<State {...transaction} />}
        actions={
          <div className={classes.actions}>
            {transaction.active && <StopCharge transaction={transaction} />}
            {readings && <SaveReadings transaction={transaction} readings={readings} />}
            <Button variant="default" onClick={() => window.print()}>
              Print or save as PDF
            </Button>
          </div>
        }
      >
        <div className={classes.sum}>
          <Figure {...energy(transaction.energyWh)} size="large" />
          <span>{duration(end - Date.parse(transaction.startedAt))}</span>
          <span>
            at <ChargePointLink networkId={transaction.networkId} />
            {outletOf(transaction) !== '' && `, connector ${outletOf(transaction)}`}
          </span>
        </div>
      </PageHead>
      <Scrolling className={classes.page} label="The transaction">
        <TransactionFlags transaction={transaction} />
        <section className={classes.wide}>
          <h2>Over time</h2>
          {error && <ProblemAlert error={error} what="The meter values could not be read" />}
          {readings ? (
            <ChargeChart readings={readings} height={chartHeight} />
          ) : (
            !error && <Skeleton height={chartHeight} />
          )}
        </section>
        <TransactionFacts transaction={transaction} />
        <Evidence transaction={transaction} />
      </Scrolling>
    </>
  );
}

function NotThere({ id }: { id: string }) {
  return (
    <EmptyState title={`There is no transaction ${id}`}>
      The link may be incomplete, or it is of another system.
      <Button component={Link} to="/transactions" variant="default">
        All transactions
      </Button>
    </EmptyState>
  );
}
