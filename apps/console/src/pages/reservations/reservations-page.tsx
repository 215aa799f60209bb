import { Select } from '@mantine/core';
import type { Reservation } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Filters } from '../../components/filters.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { StatePill } from '../../components/state-pill.tsx';
import { type ReservationFilters, reservationStatuses, useReservations } from '../../data/reservations.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import { CancelReservation } from './cancel-reservation.tsx';
import classes from './reservations-page.module.css';
import { ReserveForm } from './reserve-form.tsx';

const kinds = { point: 'text', status: 'text' } as const;

/** What is kept for whom, and what became of it. */
export default function ReservationsPage() {
  const [{ point, status }, setChosen] = useUrlFilters(kinds);
  const known = reservationStatuses.find((one) => one === status);
  const filters = useMemo<ReservationFilters>(
    () => ({
      ...(point === undefined ? {} : { chargePointId: point }),
      ...(known === undefined ? {} : { status: known }),
    }),
    [point, known],
  );
  const list = useReservations(filters);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const [isReserving, setIsReserving] = useState(false);
  return (
    <>
      <PageHead title="Reservations">
        <Filters
          end={
            <ActionButton needs="operator" onClick={() => setIsReserving(true)}>
              Reserve …
            </ActionButton>
          }
        >
          <SearchField
            label="Filter by the identity of the charge point"
            placeholder="Charge point"
            value={point}
            onChange={(next) => setChosen({ point: next })}
          />
          <Select
            aria-label="Filter by what became of it"
            placeholder="Whatever became of it"
            data={[...reservationStatuses]}
            value={known ?? null}
            onChange={(next) => setChosen({ status: next ?? undefined })}
            clearable
            w={180}
          />
        </Filters>
      </PageHead>
      {list.error && (
        <ProblemAlert error={list.error} what="The reservations could not be read" onRetry={() => list.refetch()} />
      )}
      <DataTable
        label="Reservations"
        rows={rows}
        rowId={({ id }) => id}
        columns={columns}
        card={(reservation) => (
          <div className={classes.card}>
            <ChargePointLink networkId={reservation.networkId} />
            <Status reservation={reservation} />
            <span className="mono">{reservation.idToken}</span>
            <CancelReservation reservation={reservation} />
          </div>
        )}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={
          <EmptyState title="No reservations">
            With a reservation a connector is kept for one card until a time. Not every charge point can do that.
          </EmptyState>
        }
      />
      {isReserving && <ReserveForm chargePoint={point} onClose={() => setIsReserving(false)} />}
    </>
  );
}

const columns: Column<Reservation>[] = [
  { id: 'made', header: 'Made', width: '110px', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  {
    id: 'where',
    header: 'Charge point',
    width: 'minmax(120px, 1.2fr)',
    cell: ({ networkId }) => <ChargePointLink networkId={networkId} />,
  },
  {
    id: 'outlet',
    header: 'Connector',
    width: '90px',
    cell: ({ outlet }) => outlet ?? <span className="dim">any</span>,
  },
  {
    id: 'token',
    header: 'For',
    width: 'minmax(110px, 1fr)',
    cell: ({ idToken }) => <span className="mono">{idToken}</span>,
  },
  { id: 'until', header: 'Until', width: '110px', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
  {
    id: 'status',
    header: 'What became of it',
    width: 'minmax(150px, 1.5fr)',
    cell: (one) => <Status reservation={one} />,
  },
  { id: 'cancel', header: '', width: '110px', align: 'end', cell: (one) => <CancelReservation reservation={one} /> },
];

function Status({ reservation: { status, detail } }: { reservation: Reservation }) {
  if (status === 'accepted') return <StatePill state="reserved" />;
  return (
    <span>
      {status}
      {detail !== undefined && <span className="dim"> {detail}</span>}
    </span>
  );
}
