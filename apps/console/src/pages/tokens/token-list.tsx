import { Select } from '@mantine/core';
import type { IdToken } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Filters } from '../../components/filters.tsx';
import { TabBar } from '../../components/page-tabs.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { type TokenFilters, useTokens } from '../../data/tokens.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import { DeleteToken } from './delete-token.tsx';
import { TokenForm } from './token-form.tsx';
import { TokenStatusWord } from './token-status-word.tsx';
import { tokenStatuses } from './token-statuses.ts';
import classes from './tokens-page.module.css';

const kinds = { q: 'text', status: 'text' } as const;

const columns: Column<IdToken>[] = [
  {
    id: 'token',
    header: 'Id token',
    width: 'minmax(150px, 1.4fr)',
    cell: ({ idToken }) => <Copyable text={idToken} what="id token" />,
  },
  {
    id: 'status',
    header: 'Answered with',
    width: 'minmax(110px, 1fr)',
    cell: (token) => <TokenStatusWord token={token} />,
  },
  { id: 'note', header: 'Whose', width: 'minmax(110px, 1.6fr)', cell: ({ note }) => note },
  {
    id: 'group',
    header: 'Group',
    width: 'minmax(90px, 1fr)',
    cell: ({ parentIdToken }) => <span className="mono">{parentIdToken}</span>,
  },
  {
    id: 'where',
    header: 'Where',
    width: 'minmax(90px, 1.2fr)',
    cell: ({ chargePoints }) =>
      chargePoints.length === 0 ? <span className="dim">everywhere</span> : chargePoints.join(', '),
  },
  {
    id: 'expires',
    header: 'Until',
    width: '110px',
    cell: ({ expiresAt }) => <RelativeTime at={expiresAt} none="no end" />,
  },
  { id: 'type', header: 'Type', width: '100px', cell: ({ type }) => type ?? <span className="dim">any</span> },
];

/** The tokens that are known; a click opens one to change it. */
export function TokenList() {
  const [{ q, status }, setChosen] = useUrlFilters(kinds);
  const known = tokenStatuses.find(({ value }) => value === status)?.value;
  const filters = useMemo<TokenFilters>(
    () => ({ ...(q === undefined ? {} : { q }), ...(known === undefined ? {} : { status: known }) }),
    [q, known],
  );
  const list = useTokens(filters);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const [edited, setEdited] = useState<IdToken | 'new'>();
  const close = () => setEdited(undefined);
  const current = edited === 'new' ? undefined : edited;
  return (
    <>
      <TabBar>
        <Filters
          end={
            <ActionButton needs="operator" onClick={() => setEdited('new')}>
              Add a token
            </ActionButton>
          }
        >
          <SearchField
            label="Filter by a part of the id token"
            placeholder="Part of the token"
            value={q}
            onChange={(next) => setChosen({ q: next })}
          />
          <Select
            aria-label="Filter by what it is answered with"
            placeholder="Whatever it is answered with"
            data={[...tokenStatuses]}
            value={known ?? null}
            onChange={(next) => setChosen({ status: next ?? undefined })}
            clearable
            w={220}
          />
        </Filters>
      </TabBar>
      {list.error && (
        <ProblemAlert error={list.error} what="The id tokens could not be read" onRetry={() => list.refetch()} />
      )}
      <DataTable
        label="Id tokens"
        rows={rows}
        rowId={({ idToken }) => idToken}
        columns={columns}
        card={(token) => (
          <div className={classes.card}>
            <span className="mono">{token.idToken}</span>
            <TokenStatusWord token={token} />
            <span className="dim">{token.note}</span>
          </div>
        )}
        onOpen={setEdited}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={
          Object.keys(filters).length > 0 ? (
            <EmptyState title="No token is like that">None fits all that is filtered by.</EmptyState>
          ) : (
            <EmptyState title="No tokens yet">
              Hold a card to a charger: it is refused, and shows up under “Unknown”, where it is accepted with one
              click. Or add one here by its number.
            </EmptyState>
          )
        }
      />
      {edited !== undefined && (
        <TokenForm
          key={current?.idToken ?? 'new'}
          how={current === undefined ? 'add' : 'change'}
          token={current}
          onClose={close}
          more={current && <DeleteToken idToken={current.idToken} onDeleted={close} />}
        />
      )}
    </>
  );
}
