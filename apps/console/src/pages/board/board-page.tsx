import { PageHead } from '../../components/page-head.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useSummary } from '../../data/charge-points.ts';
import { ActivityFeed } from './activity-feed.tsx';
import { BoardFigures } from './board-figures.tsx';
import classes from './board-page.module.css';
import { ChargePointCards } from './charge-point-cards.tsx';
import { FirstRun } from './first-run.tsx';
import { NeedsAttention } from './needs-attention.tsx';

/** How everything is, and what needs somebody. */
export default function BoardPage() {
  const { data: summary, error, refetch } = useSummary();
  return (
    <>
      <PageHead title="Board">{summary && summary.chargePoints > 0 && <BoardFigures summary={summary} />}</PageHead>
      {error && !summary && <ProblemAlert error={error} what="The board could not be read" onRetry={() => refetch()} />}
      {summary && summary.chargePoints === 0 && <FirstRun url={summary.chargePointUrl} />}
      {summary && summary.chargePoints > 0 && (
        <div className={classes.board}>
          <NeedsAttention />
          <ActivityFeed />
          <ChargePointCards />
        </div>
      )}
    </>
  );
}
