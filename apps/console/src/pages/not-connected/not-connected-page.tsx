import { Button, Skeleton } from '@mantine/core';
import { PageHead } from '../../components/page-head.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useSummary } from '../../data/charge-points.ts';
import { useRefusedConnections } from '../../data/refused.ts';
import { ConnectionDoctor } from './doctor/connection-doctor.tsx';
import { HowToConnect } from './how-to-connect.tsx';
import classes from './not-connected-page.module.css';
import { RefusedCard } from './refused-card.tsx';

/** Who knocked and was not let in: why, and what to do about it. */
export default function NotConnectedPage() {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRefusedConnections();
  const { data: summary } = useSummary();
  const refused = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHead
        title="Not connected yet"
        aside={refused.length > 0 ? 'Charge points that knocked and were refused, the latest first' : undefined}
      />
      <div className={classes.list}>
        {error && (
          <ProblemAlert error={error} what="The refused connections could not be read" onRetry={() => refetch()} />
        )}
        <ConnectionDoctor />
        {isPending && <Skeleton height={140} />}
        {!isPending && !error && refused.length === 0 && summary && <HowToConnect url={summary.chargePointUrl} />}
        {refused.map((one) => (
          <RefusedCard key={one.networkId} refused={one} />
        ))}
        {hasNextPage && (
          <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
            Show more
          </Button>
        )}
        {refused.length > 0 && summary && <HowToConnect url={summary.chargePointUrl} />}
      </div>
    </>
  );
}
