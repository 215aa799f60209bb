import { notifications } from '@mantine/notifications';
import type { ParkedMessage } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { ActionButton } from '../../components/action-button.tsx';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { ConfirmAction } from '../../components/confirm-action.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useEndParked, useParkedMessages } from '../../data/system.ts';
import classes from './system-page.module.css';

/** What a service refused again and again: each waits for somebody, and is driven again or given up. */
export function ParkedMessages() {
  const list = useParkedMessages();
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      {list.error && (
        <ProblemAlert error={list.error} what="The parked messages could not be read" onRetry={() => list.refetch()} />
      )}
      <DataTable
        label="Parked messages"
        rows={rows}
        rowId={({ group, id }) => `${group} ${id}`}
        columns={columns}
        card={(message) => (
          <div className={classes.card}>
            <ChargePointLink networkId={message.client} />
            <span>{message.reason}</span>
            <Ends message={message} />
          </div>
        )}
        open={open}
        onOpen={({ group, id }) => setOpen(new Set(open.has(`${group} ${id}`) ? [] : [`${group} ${id}`]))}
        detail={(message) => <JsonView value={message.content} label="The message" />}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={
          <EmptyState title="No message is parked">
            A message that a service cannot handle is put aside here with the reason, so that those behind it go on.
          </EmptyState>
        }
      />
    </>
  );
}

const columns: Column<ParkedMessage>[] = [
  { id: 'when', header: 'Since', width: '110px', cell: ({ parkedAt }) => <RelativeTime at={parkedAt} /> },
  {
    id: 'who',
    header: 'Charge point',
    width: 'minmax(110px, 1fr)',
    cell: ({ client }) => <ChargePointLink networkId={client} />,
  },
  { id: 'group', header: 'Refused by', width: '130px', cell: ({ group }) => group },
  { id: 'why', header: 'Why', width: 'minmax(180px, 3fr)', cell: ({ reason }) => reason },
  { id: 'tries', header: 'Tries', width: '60px', align: 'end', cell: ({ attempts }) => attempts },
  { id: 'ends', header: '', width: '230px', align: 'end', cell: (message) => <Ends message={message} /> },
];

function Ends({ message }: { message: ParkedMessage }) {
  const { mutate, isPending, error } = useEndParked();
  const [isAsking, setIsAsking] = useState(false);
  const drive = () =>
    mutate(
      { message, how: 'drive' },
      {
        onSuccess: () => notifications.show({ title: message.client, message: 'It was handled.' }),
        onError: (failure) =>
          notifications.show({ color: 'red', title: 'It was refused again', message: failure.message }),
      },
    );
  return (
    <span className={classes.row}>
      <ActionButton needs="operator" loading={isPending} onClick={drive}>
        Drive again
      </ActionButton>
      <ActionButton needs="admin" variant="subtle" color="gray" onClick={() => setIsAsking(true)}>
        Give up
      </ActionButton>
      <ConfirmAction
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`Give up this message of ${message.client}?`}
        consequence={`${message.group} will never see it: what it should have changed there stays as it is. It is still in the message log.`}
        verb="Give up"
        onConfirm={() => mutate({ message, how: 'drop' }, { onSuccess: () => setIsAsking(false) })}
        isPending={isPending}
        error={error}
      />
    </span>
  );
}
