import { Button, Checkbox } from '@mantine/core';
import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { type ReactNode, useMemo, useState } from 'react';
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
import { nameOf, useConfiguration, useReadConfiguration } from '../../../data/configuration.ts';
import { useUrlFilters } from '../../../data/url-filters.ts';
import { ChevronDownIcon, ChevronRightIcon } from '../../../icons/icons.tsx';
import { offlineReason } from '../head/connector-tile.tsx';
import type { TabProps } from '../tab-props.ts';
import { ChooseTemplate } from './choose-template.tsx';
import classes from './configuration-tab.module.css';
import { type Branch, branchesOf, isBranch, type TreeRow, treeOf } from './configuration-tree.ts';
import { SetValue } from './set-value.tsx';
import { BranchNotes, ValueNotes } from './value-notes.tsx';

const kinds = { q: 'text', drift: 'flag' } as const;
const restart = quickActions.find(({ id }) => id === 'reset-soft');

/** Keys (1.6) and variables (2.x) as last read, beside what its template wants, in one tree. A click sets one. */
export default function ConfigurationTab({ networkId }: TabProps) {
  const [{ q, drift }, setChosen] = useUrlFilters(kinds);
  const { data, error, isPending, refetch } = useConfiguration(networkId);
  const read = useReadConfiguration(networkId);
  const { data: chargePoint } = useChargePoint(networkId);
  const [edited, setEdited] = useState<ConfigurationItem>();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const items = data?.items ?? nothing;
  const rows = useMemo(() => treeOf(items, { q, onlyDrift: drift ?? false }, folded), [items, q, drift, folded]);
  const needsReboot = items.some(({ rebootRequired }) => rebootRequired);
  const isOffline = chargePoint?.connection.connected === false;

  function open(row: TreeRow): void {
    if (!isBranch(row)) {
      setEdited(row);
      return;
    }
    const next = new Set(folded);
    if (!next.delete(row.place)) next.add(row.place);
    setFolded(next);
  }

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
          {items.length > 0 && (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => setFolded(new Set(folded.size === 0 ? branchesOf(items) : []))}
            >
              {folded.size === 0 ? 'Fold all' : 'Unfold all'}
            </Button>
          )}
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
        rowId={(row) =>
          isBranch(row) ? row.place : JSON.stringify([row.key, row.component, row.variable, row.attributeType])
        }
        tree={(row) => (isBranch(row) ? { level: 1, isExpanded: row.isOpen } : { level: 2 })}
        columns={columns}
        card={(row) =>
          isBranch(row) ? (
            <BranchName branch={row} />
          ) : (
            <div className={classes.card}>
              <strong>{nameOf(row)}</strong>
              <Value item={row} />
              <ValueNotes item={row} />
            </div>
          )
        }
        onOpen={open}
        isLoading={isPending}
        hasMore={false}
        loadMore={() => {}}
        empty={
          items.length > 0 ? (
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

const nothing: readonly ConfigurationItem[] = [];

const ofItem = (draw: (item: ConfigurationItem) => ReactNode) => (row: TreeRow) => (isBranch(row) ? null : draw(row));

const columns: Column<TreeRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(220px, 2fr)',
    cell: (row) => (isBranch(row) ? <BranchName branch={row} /> : <span className={classes.leaf}>{nameOf(row)}</span>),
  },
  { id: 'value', header: 'Value', width: 'minmax(140px, 2fr)', cell: ofItem((item) => <Value item={item} />) },
  {
    id: 'desired',
    header: 'Wanted',
    width: 'minmax(110px, 1fr)',
    cell: ofItem(({ desired }) => <span className="mono">{desired}</span>),
  },
  {
    id: 'notes',
    header: '',
    width: 'minmax(150px, 1.2fr)',
    cell: (row) => (isBranch(row) ? <BranchNotes items={row.items} /> : <ValueNotes item={row} />),
  },
  { id: 'at', header: 'Known since', width: '104px', cell: ofItem(({ at }) => <RelativeTime at={at} />) },
];

function BranchName({ branch: { place, items, isOpen } }: { branch: Branch }) {
  const Icon = isOpen ? ChevronDownIcon : ChevronRightIcon;
  return (
    <span className={classes.branch}>
      <Icon width="12" height="12" /> <strong>{place}</strong> <span className="dim">{items.length}</span>
    </span>
  );
}

function Value({ item }: { item: ConfigurationItem }) {
  if (item.secret) return <span className="dim">is not shown</span>;
  if (item.value === null) return <span className="dim">not known</span>;
  return item.value === '' ? <span className="dim">empty</span> : <span className="mono">{item.value}</span>;
}
