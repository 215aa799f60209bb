import type { UnknownIdToken } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useUnknownTokens } from '../../data/tokens.ts';
import { TokenForm } from './token-form.tsx';
import classes from './tokens-page.module.css';

/** Cards that were held to a charger and are not known: each is accepted with one click. */
export function UnknownTokens() {
  const list = useUnknownTokens();
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const [chosen, setChosen] = useState<UnknownIdToken>();
  const columns = useMemo<Column<UnknownIdToken>[]>(
    () => [
      {
        id: 'token',
        header: 'Id token',
        width: 'minmax(150px, 1.5fr)',
        cell: ({ idToken }) => <Copyable text={idToken} what="id token" />,
      },
      {
        id: 'where',
        header: 'Last at',
        width: 'minmax(120px, 1.2fr)',
        cell: ({ lastSeenAtChargePoint }) => <ChargePointLink networkId={lastSeenAtChargePoint} />,
      },
      { id: 'when', header: 'When', width: '110px', cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} /> },
      { id: 'count', header: 'Times', width: '70px', align: 'end', cell: ({ count }) => count.toLocaleString('en') },
      { id: 'type', header: 'Type', width: '110px', cell: ({ type }) => type },
      {
        id: 'accept',
        header: '',
        width: '110px',
        align: 'end',
        cell: (token) => <AcceptButton onClick={() => setChosen(token)} />,
      },
    ],
    [],
  );
  return (
    <>
      {list.error && (
        <ProblemAlert error={list.error} what="The unknown tokens could not be read" onRetry={() => list.refetch()} />
      )}
      <DataTable
        label="Unknown id tokens"
        rows={rows}
        rowId={({ idToken, type }) => `${idToken} ${type}`}
        columns={columns}
        card={(token) => (
          <div className={classes.card}>
            <span className="mono">{token.idToken}</span>
            <span className="dim">
              at {token.lastSeenAtChargePoint}, <RelativeTime at={token.lastSeenAt} />
            </span>
            <AcceptButton onClick={() => setChosen(token)} />
          </div>
        )}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={
          <EmptyState title="No unknown tokens">
            A card that nobody knows shows up here as soon as it is held to a charger.
          </EmptyState>
        }
      />
      {chosen && (
        <TokenForm
          key={chosen.idToken}
          how="accept"
          token={{ idToken: chosen.idToken, ...(chosen.type === undefined ? {} : { type: chosen.type }) }}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

function AcceptButton({ onClick }: { onClick: () => void }) {
  return (
    <ActionButton needs="operator" onClick={onClick}>
      Accept …
    </ActionButton>
  );
}
