import { useMemo } from 'react';
import { EmptyState } from '../../../components/empty-state.tsx';
import { TransactionList } from '../../../components/transaction-list.tsx';
import type { TabProps } from '../tab-props.ts';

/** What was charged here. */
export default function TransactionsTab({ networkId }: TabProps) {
  const filters = useMemo(() => ({ chargePointId: networkId }), [networkId]);
  return (
    <TransactionList
      filters={filters}
      empty={
        <EmptyState title="Nobody has charged here yet">
          Hold a card to it, or start a charge above. It shows up here as it begins.
        </EmptyState>
      }
    />
  );
}
