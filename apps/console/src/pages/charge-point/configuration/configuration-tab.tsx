import { Checkbox } from '@mantine/core';
import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { versionOf } from '../../../commands/commands-for.ts';
import { quickActions } from '../../../commands/quick-actions.ts';
import { ActionButton } from '../../../components/action-button.tsx';
import { CommandButton } from '../../../components/command-button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Filters } from '../../../components/filters.tsx';
import { TabBar } from '../../../components/page-tabs.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { SearchField } from '../../../components/search-field.tsx';
import { useChargePoint } from '../../../data/charge-points.ts';
import { nameOf, placeOf, useConfiguration, useReadConfiguration } from '../../../data/configuration.ts';
import { useUrlFilters } from '../../../data/url-filters.ts';
import { offlineReason } from '../head/connector-tile.tsx';
import type { TabProps } from '../tab-props.ts';
import { ChooseTemplate } from './choose-template.tsx';
import classes from './configuration-tab.module.css';
import { SetValue } from './set-value.tsx';
import { ValueNotes } from './value-notes.tsx';

const kinds = { q: 'text', drift: 'flag' } as const;
const restart = quickActions.find(({ id }) => id === 'reset-soft');

/** Keys (1.6) and variables (2.x) as last read, beside what its template wants. A click sets one. */
export default function ConfigurationTab({ networkId }: TabProps) {
  const [{ q, drift }, setChosen] = useUrlFilters(kinds);
  const { data, error, isPending, refetch } = useConfiguration(networkId);
  const read = useReadConfiguration(networkId);
  const { data: chargePoint } = useChargePoint(networkId);
  const [edited, setEdited] = useState<ConfigurationItem>();
  const rows = useMemo(() => sorted(data?.items ?? [], q, drift ?? false), [data, q, drift]);
  const needsReboot = data?.items.some(({ rebootRequired }) => rebootRequired) ?? false;
  // In 1.6 there are keys alone.
  const hasPlaces = rows.some((item) => placeOf(item) !== '');
  const isOffline = chargePoint?.connection.connected === false;
  return (
    <>
      <TabBar>
        <Filters
          end={
            <ActionButton
              needs="operator"
              mayNot={isOffline ? 'It is offline: what it has cannot be read now.' : undefined}
              loading={read.isPending}
              onClick={() => read.mutate()}
            >
              Read it from the charge point
            </ActionButton>
          }
        >
          <SearchField
            label="Filter by name, place or value"
            placeholder="Name or value"
            value={q}
            onChange={(next) => setChosen({ q: next })}
          />
          <Checkbox
            label="Only what is not as wanted"
            checked={drift ?? false}
            onChange={(event) => setChosen({ drift: event.currentTarget.checked || undefined })}
          />
          <span className="dim">
            read <RelativeTime at={data?.readAt} />
          </span>
          {data && <ChooseTemplate networkId={networkId} templateId={data.templateId} />}
        </Filters>
      </TabBar>
      {read.error && <ProblemAlert error={read.error} what="It could not be read from the charge point" />}
      {needsReboot && chargePoint && restart && (
        <p className={classes.note} role="status">
          Something was set that holds after the next restart.{' '}
          <CommandButton
            chargePoint={chargePoint}
            label={restart.label}
            content={restart.content(versionOf(chargePoint.connection))}
            question={restart.question(chargePoint.name)}
            consequence={restart.consequence}
            mayNot={isOffline ? offlineReason : undefined}
          />
        </p>
      )}
      {error && <ProblemAlert error={error} what="The configuration could not be read" onRetry={() => refetch()} />}
      <DataTable
        label="Configuration"
        rows={rows}
        rowId={(item) => JSON.stringify([item.key, item.component, item.variable, item.attributeType])}
        columns={hasPlaces ? columns : columns.slice(1)}
        card={(item) => (
          <div className={classes.card}>
            <span className="dim">{placeOf(item)}</span>
            <strong>{nameOf(item)}</strong>
            <Value item={item} />
            <ValueNotes item={item} />
          </div>
        )}
        onOpen={setEdited}
        isLoading={isPending}
        hasMore={false}
        loadMore={() => {}}
        empty={
          data?.items.length ? (
            <EmptyState title="None is like that">No key or variable fits what is filtered by.</EmptyState>
          ) : (
            <EmptyState title="Not read yet">
              What the charge point has is not known. Read it from the charge point, when it is connected.
            </EmptyState>
          )
        }
      />
      {edited && <SetValue networkId={networkId} item={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}

const columns: Column<ConfigurationItem>[] = [
  { id: 'place', header: 'Component', width: 'minmax(120px, 1.2fr)', cell: placeOf },
  { id: 'name', header: 'Name', width: 'minmax(180px, 1.6fr)', cell: (item) => <strong>{nameOf(item)}</strong> },
  { id: 'value', header: 'Value', width: 'minmax(140px, 2fr)', cell: (item) => <Value item={item} /> },
  {
    id: 'desired',
    header: 'Wanted',
    width: 'minmax(110px, 1fr)',
    cell: ({ desired }) => <span className="mono">{desired}</span>,
  },
  { id: 'notes', header: '', width: 'minmax(150px, 1.2fr)', cell: (item) => <ValueNotes item={item} /> },
  { id: 'at', header: 'Known since', width: '104px', cell: ({ at }) => <RelativeTime at={at} /> },
];

function Value({ item }: { item: ConfigurationItem }) {
  if (item.secret) return <span className="dim">is not shown</span>;
  if (item.value === null) return <span className="dim">not known</span>;
  return item.value === '' ? <span className="dim">empty</span> : <span className="mono">{item.value}</span>;
}

/** In the order of places and names; what is looked for may be in any of the words. */
function sorted(items: readonly ConfigurationItem[], q: string | undefined, onlyDrift: boolean): ConfigurationItem[] {
  const wanted = q?.toLowerCase() ?? '';
  const text = (item: ConfigurationItem) => `${placeOf(item)} ${nameOf(item)} ${item.value ?? ''}`.toLowerCase();
  return items
    .filter((item) => (!onlyDrift || item.drift === true) && text(item).includes(wanted))
    .toSorted((a, b) => inOrder.compare(placeOf(a), placeOf(b)) || inOrder.compare(nameOf(a), nameOf(b)));
}

/** EVSE 2 before EVSE 10. */
const inOrder = new Intl.Collator(undefined, { numeric: true });
