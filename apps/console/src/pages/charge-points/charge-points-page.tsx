import { Button } from '@mantine/core';
import type { ChargePoint, Charging } from '@ocpp-csms/api-client';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useChargePoints, useSummary } from '../../data/charge-points.ts';
import { useChargingAt } from '../../data/charging.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import { BulkBar } from './bulk-bar.tsx';
import classes from './charge-points-page.module.css';
import { ChargePointRowCard, chargePointColumns } from './columns.tsx';
import { FilterBar } from './filter-bar.tsx';
import { apiFilters, filterKinds, isFiltered } from './filters.ts';

/** All charge points, how each connector is, and what can be done with many at once. */
export default function ChargePointsPage() {
  const [filters, setFilters] = useUrlFilters(filterKinds);
  const list = useChargePoints(useMemo(() => apiFilters(filters), [filters]));
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const { data: summary } = useSummary();
  const { data: charging } = useChargingAt(useMemo(() => drawing(rows), [rows]));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const navigate = useNavigate();
  const chosen = useMemo(() => rows.filter(({ networkId }) => selected.has(networkId)), [rows, selected]);
  const columns = useMemo(() => chargePointColumns((networkId) => charging?.get(networkId)), [charging]);

  return (
    <>
      <PageHead
        title="Charge points"
        aside={summary && <Counts online={summary.connected} all={summary.chargePoints} />}
      >
        <FilterBar filters={filters} setFilters={setFilters} summary={summary} />
      </PageHead>
      {list.error && (
        <div className={classes.problem}>
          <ProblemAlert error={list.error} what="The charge points could not be read" onRetry={() => list.refetch()} />
        </div>
      )}
      <DataTable
        label="Charge points"
        rows={rows}
        rowId={({ networkId }) => networkId}
        columns={columns}
        card={(row) => <ChargePointRowCard row={row} charging={charging?.get(row.networkId)} />}
        onOpen={({ networkId }) => navigate({ to: '/charge-points/$id', params: { id: networkId } })}
        selection={{ selected, onChange: setSelected, nameOf: ({ name }) => name }}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={isFiltered(filters) ? <NothingFits clear={() => navigate({ to: '/charge-points' })} /> : <NoneYet />}
      />
      {chosen.length > 0 && <BulkBar chosen={chosen} clear={() => setSelected(new Set())} />}
    </>
  );
}

function Counts({ online, all }: { online: number; all: number }) {
  return (
    <span>
      {online.toLocaleString('en')} online of {all.toLocaleString('en')}
    </span>
  );
}

/** Where something is drawn, or could be: only those are asked about. */
function drawing(rows: readonly ChargePoint[]): string[] {
  const statuses = ['Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Occupied'];
  return rows
    .filter(({ connectors }) => connectors.some(({ status }) => statuses.includes(status)))
    .map(({ networkId }) => networkId)
    .toSorted();
}

export type ChargingAt = (networkId: string) => readonly Charging[] | undefined;

function NothingFits({ clear }: { clear: () => void }) {
  return (
    <EmptyState title="No charge point is like that">
      None fits all that is filtered by.
      <Button variant="default" onClick={clear}>
        Show all charge points
      </Button>
    </EmptyState>
  );
}

function NoneYet() {
  return (
    <EmptyState title="No charge points yet">
      Type the URL of this system into a charger. It is refused at first, and shows up among those that are not
      connected yet: there it is let in with one click.
      <Button component={Link} to="/not-connected" variant="default">
        Connect the first charger
      </Button>
    </EmptyState>
  );
}
