import type { ProcessInfo } from '@ocpp-csms/api-client';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useProcess } from '../../data/system.ts';
import classes from './system-page.module.css';

type Change = ProcessInfo['changes'][number];

/** Who changed what over the API, and how it ended. */
export function Changes() {
  const { data, error, isPending, refetch } = useProcess();
  return (
    <>
      {error && <ProblemAlert error={error} what="Who did what could not be read" onRetry={() => refetch()} />}
      <DataTable
        label="Changes"
        rows={data?.changes ?? []}
        rowId={({ at, path, caller }) => `${at} ${caller} ${path}`}
        columns={columns}
        card={(change) => (
          <div className={classes.card}>
            <strong>{change.caller ?? 'nobody'}</strong>
            <span className="mono">
              {change.method} {change.path}
            </span>
            <span className="dim">
              {change.status}, <RelativeTime at={change.at} />
            </span>
          </div>
        )}
        isLoading={isPending}
        hasMore={false}
        loadMore={() => {}}
        empty={
          !error && (
            <EmptyState title="Nothing was changed">
              What is changed over the API is shown here. All of it is kept in the folder “changes” of the data folder.
            </EmptyState>
          )
        }
      />
    </>
  );
}

const columns: Column<Change>[] = [
  { id: 'when', header: 'When', width: '110px', cell: ({ at }) => <RelativeTime at={at} /> },
  {
    id: 'who',
    header: 'Key',
    width: 'minmax(90px, 1fr)',
    cell: ({ caller }) => caller ?? <span className="dim">none</span>,
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(220px, 4fr)',
    cell: ({ method, path }) => <span className="mono">{`${method} ${path}`}</span>,
  },
  { id: 'how', header: 'Answered', width: '90px', align: 'end', cell: ({ status }) => status },
  { id: 'from', header: 'From', width: 'minmax(110px, 1fr)', cell: ({ address }) => address },
];
