import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { Filters } from '../../components/filters.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { TransactionList } from '../../components/transaction-list.tsx';
import type { FilterValues } from '../../data/filter-codec.ts';
import type { TransactionFilters } from '../../data/transactions.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import { endOfDay, startOfDay } from '../../format/time.ts';
import { SaveTransactions } from './save-transactions.tsx';
import { flagsToFilter } from './transaction-flags.ts';

const kinds = { point: 'text', token: 'text', active: 'flag', flag: 'text', from: 'text', to: 'text' } as const;

/** Every charge, the newest first, with what makes it doubtful. */
export default function TransactionsPage() {
  const [chosen, setChosen] = useUrlFilters(kinds);
  const filters = useMemo(() => apiFilters(chosen), [chosen]);
  return (
    <>
      <PageHead title="Transactions">
        <Filters
          more={
            <>
              <Select
                aria-label="Filter by what is to be looked at"
                placeholder="Whatever is noted"
                data={flagsToFilter}
                value={chosen.flag ?? null}
                onChange={(flag) => setChosen({ flag: flag ?? undefined })}
                clearable
                searchable
                w={190}
              />
              <TextInput
                type="date"
                aria-label="Began on this day or later"
                title="Began on this day or later"
                value={chosen.from ?? ''}
                onChange={(event) => setChosen({ from: event.currentTarget.value || undefined })}
              />
              <TextInput
                type="date"
                aria-label="Began on this day or earlier"
                title="Began on this day or earlier"
                value={chosen.to ?? ''}
                onChange={(event) => setChosen({ to: event.currentTarget.value || undefined })}
              />
            </>
          }
          isMoreUsed={chosen.flag !== undefined || chosen.from !== undefined || chosen.to !== undefined}
          end={<SaveTransactions filters={filters} />}
        >
          <SearchField
            label="Filter by the identity of the charge point"
            placeholder="Charge point"
            value={chosen.point}
            onChange={(point) => setChosen({ point })}
            width={160}
          />
          <SearchField
            label="Filter by id token"
            placeholder="Id token"
            value={chosen.token}
            onChange={(token) => setChosen({ token })}
            width={160}
          />
          <SegmentedControl
            aria-label="Whether they go on"
            data={[
              { value: '', label: 'All' },
              { value: 'true', label: 'Going on' },
              { value: 'false', label: 'Ended' },
            ]}
            value={chosen.active === undefined ? '' : String(chosen.active)}
            onChange={(active) => setChosen({ active: active === '' ? undefined : active === 'true' })}
          />
        </Filters>
      </PageHead>
      <TransactionList
        filters={filters}
        empty={
          Object.keys(chosen).length > 0 ? (
            <EmptyState title="No transaction is like that">None fits all that is filtered by.</EmptyState>
          ) : (
            <EmptyState title="Nobody has charged yet">
              Hold a card to a charger, or start a charge from the page of a charge point. It shows up here as it
              begins.
            </EmptyState>
          )
        }
      />
    </>
  );
}

function apiFilters({ point, token, active, flag, from, to }: FilterValues<typeof kinds>): TransactionFilters {
  const [since, until] = [startOfDay(from), endOfDay(to)];
  return {
    ...(point === undefined ? {} : { chargePointId: point }),
    ...(token === undefined ? {} : { idToken: token }),
    ...(active === undefined ? {} : { active }),
    ...(flag === undefined ? {} : { flag }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  };
}
