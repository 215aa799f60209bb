import { Chip } from '@mantine/core';
import { useMemo } from 'react';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Filters } from '../../../components/filters.tsx';
import { TabBar } from '../../../components/page-tabs.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { type Happened, useHistory } from '../../../data/charge-point-history.ts';
import { useUrlFilters } from '../../../data/url-filters.ts';
import { exactTime } from '../../../format/time.ts';
import type { TabProps } from '../tab-props.ts';

const kinds = { kind: 'list' } as const;

const names: Readonly<Record<Happened['kind'], string>> = {
  boot: 'Boots',
  charge: 'Charges',
  command: 'Commands',
  firmware: 'Firmware',
  diagnostics: 'Diagnostics',
  security: 'Security',
  data: 'Data transfers',
};

const columns: Column<Happened>[] = [
  { id: 'when', header: 'When', width: '110px', cell: ({ at }) => <RelativeTime at={at} /> },
  {
    id: 'exact',
    header: '',
    width: 'minmax(210px, 0.8fr)',
    cell: ({ at }) => <span className="dim">{exactTime(Date.parse(at))}</span>,
  },
  { id: 'kind', header: 'Of', width: '130px', cell: ({ kind }) => names[kind] },
  { id: 'what', header: 'What happened', width: 'minmax(220px, 3fr)', cell: ({ words }) => words },
];

/** What has happened to it, all in one line of time; the latest 50 of each kind. */
export default function HistoryTab({ networkId }: TabProps) {
  const [{ kind = [] }, setChosen] = useUrlFilters(kinds);
  const { data, error, isPending, refetch } = useHistory(networkId);
  const rows = useMemo(() => (data ?? []).filter((one) => kind.length === 0 || kind.includes(one.kind)), [data, kind]);
  return (
    <>
      <TabBar>
        <Filters>
          <Chip.Group multiple value={kind} onChange={(next) => setChosen({ kind: next })}>
            {Object.entries(names).map(([value, name]) => (
              <Chip key={value} value={value} size="xs" variant="outline">
                {name}
              </Chip>
            ))}
          </Chip.Group>
        </Filters>
      </TabBar>
      {error && <ProblemAlert error={error} what="The history could not be read" onRetry={() => refetch()} />}
      <DataTable
        label="History"
        rows={rows}
        rowId={({ id, kind: of }) => `${of} ${id}`}
        columns={columns}
        card={({ at, kind: of, words }) => (
          <div>
            <strong>{names[of]}</strong> {words}
            <div className="dim">
              <RelativeTime at={at} />
            </div>
          </div>
        )}
        isLoading={isPending}
        hasMore={false}
        loadMore={() => {}}
        empty={<EmptyState title="Nothing has happened">What happens to it is kept here.</EmptyState>}
      />
    </>
  );
}
