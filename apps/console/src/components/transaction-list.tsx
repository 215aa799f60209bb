import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { type TransactionFilters, useTransactions } from '../data/transactions.ts';
import { DataTable } from './data-table.tsx';
import { ProblemAlert } from './problem-alert.tsx';
import { TransactionCard, transactionColumns } from './transaction-columns.tsx';

interface TransactionListProps {
  filters: TransactionFilters;
  /** What stands there when there is none. */
  empty: ReactNode;
}

/** Transactions, the newest first; a click opens one. */
export function TransactionList({ filters, empty }: TransactionListProps) {
  const list = useTransactions(filters);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const columns = useMemo(
    () => transactionColumns({ withChargePoint: filters.chargePointId === undefined }),
    [filters.chargePointId],
  );
  const navigate = useNavigate();
  return (
    <>
      {list.error && (
        <ProblemAlert error={list.error} what="The transactions could not be read" onRetry={() => list.refetch()} />
      )}
      <DataTable
        label="Transactions"
        rows={rows}
        rowId={({ id }) => id}
        columns={columns}
        card={(transaction) => <TransactionCard transaction={transaction} />}
        onOpen={({ id }) => navigate({ to: '/transactions/$id', params: { id } })}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={empty}
      />
    </>
  );
}
