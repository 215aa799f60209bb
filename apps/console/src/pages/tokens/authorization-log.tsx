import type { Authorization } from '@ocpp-csms/api-client';
import { useMemo } from 'react';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Filters } from '../../components/filters.tsx';
import { TabBar } from '../../components/page-tabs.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { type AuthorizationFilters, useAuthorizations } from '../../data/tokens.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import classes from './tokens-page.module.css';

const kinds = { token: 'text', point: 'text' } as const;

const columns: Column<Authorization>[] = [
  { id: 'when', header: 'When', width: '110px', cell: ({ at }) => <RelativeTime at={at} /> },
  {
    id: 'token',
    header: 'Id token',
    width: 'minmax(130px, 1.2fr)',
    cell: ({ idToken }) => <Copyable text={idToken} what="id token" />,
  },
  {
    id: 'where',
    header: 'Charge point',
    width: 'minmax(110px, 1fr)',
    cell: ({ networkId }) => <ChargePointLink networkId={networkId} />,
  },
  { id: 'action', header: 'Asked with', width: 'minmax(120px, 1fr)', cell: ({ action }) => action },
  {
    id: 'status',
    header: 'Answered',
    width: 'minmax(110px, 0.8fr)',
    cell: ({ status }) => <Verdict isGood={status === 'Accepted'}>{status}</Verdict>,
  },
  { id: 'why', header: 'Why', width: 'minmax(160px, 2fr)', cell: ({ reason }) => reason },
];

/** What was decided when a card was held to a charger, and why. */
export function AuthorizationLog() {
  const [{ token, point }, setChosen] = useUrlFilters(kinds);
  const filters = useMemo<AuthorizationFilters>(
    () => ({
      ...(token === undefined ? {} : { idToken: token }),
      ...(point === undefined ? {} : { networkId: point }),
    }),
    [token, point],
  );
  const list = useAuthorizations(filters);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  return (
    <>
      <TabBar>
        <Filters>
          <SearchField
            label="Filter by id token"
            placeholder="Id token"
            value={token}
            onChange={(next) => setChosen({ token: next })}
          />
          <SearchField
            label="Filter by the identity of the charge point"
            placeholder="Charge point"
            value={point}
            onChange={(next) => setChosen({ point: next })}
          />
        </Filters>
      </TabBar>
      {list.error && (
        <ProblemAlert error={list.error} what="The decisions could not be read" onRetry={() => list.refetch()} />
      )}
      <DataTable
        label="Decisions"
        rows={rows}
        rowId={({ id }) => id}
        columns={columns}
        card={(row) => (
          <div className={classes.card}>
            <span className="mono">{row.idToken}</span>
            <Verdict isGood={row.status === 'Accepted'}>{row.status}</Verdict>
            <span className="dim">
              {row.reason} · <RelativeTime at={row.at} />
            </span>
          </div>
        )}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={
          <EmptyState title="Nothing was decided">
            Each card that is held to a charger is noted here, with what was answered and why.
          </EmptyState>
        }
      />
    </>
  );
}
