import { Button } from '@mantine/core';
import type { Message } from '@ocpp-csms/api-client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { MessageCard, messageColumns } from '../../components/message-row.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { keys } from '../../data/keys.ts';
import { useMessages } from '../../data/messages.ts';
import { rowsOf } from '../../data/messages-live.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import { exactTime } from '../../format/time.ts';
import { FilterBar } from './filter-bar.tsx';
import { apiFilters, filterKinds, isFiltered, liveFilters, openKinds } from './filters.ts';
import classes from './message-list.module.css';
import { MessagePane } from './message-pane.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useTail } from './use-tail.ts';

interface MessageListProps {
  /** Of one charge point alone. */
  client?: string;
}

const nothingFiltered = Object.fromEntries(Object.keys(filterKinds).map((name) => [name, undefined]));

/** Looked through without finding anything, it goes on by itself only so often; then somebody has to want it. */
const looksByItself = 8;

/** Messages as they are said and as they were, the newest first; each opens beside the list. */
export function MessageList({ client }: MessageListProps) {
  const [filters, setFilters] = useUrlFilters(filterKinds);
  const [opened, setOpened] = useUrlFilters(openKinds);
  const asked = useMemo(() => apiFilters(filters, client), [filters, client]);
  const followed = useMemo(() => liveFilters(asked), [asked]);
  const list = useMessages(asked);
  const tail = useTail(followed);
  const queryClient = useQueryClient();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const isPaneOpen = opened.message !== undefined || opened.compare !== undefined;
  const columns = useMemo(() => {
    const all = messageColumns({ withChargePoint: client === undefined });
    // The content is in the pane.
    return isPaneOpen ? all.filter(({ id }) => id !== 'content') : all;
  }, [client, isPaneOpen]);
  const rows = useMemo(
    () => rowsOf(tail.shown.messages, list.data?.pages.flatMap(({ items }) => items) ?? []),
    [list.data, tail.shown.messages],
  );
  const further = useFurther(list, asked);

  const readAnew = () => {
    tail.begin();
    void queryClient.resetQueries({ queryKey: keys.messages(asked) });
  };
  const open = useMemo(() => new Set(opened.message === undefined ? [] : [opened.message]), [opened.message]);
  const toggle = (message: Message) =>
    setOpened({ message: message.id === opened.message ? undefined : message.id, compare: undefined });
  const clear = () => setFilters(nothingFiltered);
  const forgotten = tail.shown.heard - tail.shown.messages.length;

  return (
    <>
      <FilterBar
        filters={filters}
        setFilters={setFilters}
        clear={clear}
        asked={asked}
        withChargePoint={client === undefined}
        tail={tail}
      />
      <div className={classes.split}>
        <div className={classes.list}>
          {tail.live.problem !== undefined && (
            <p className={classes.note} role="status">
              New messages do not come at the moment: {tail.live.problem} It is tried again.
            </p>
          )}
          {!followed && (
            <p className={classes.note}>
              {asked.minLatencyMs === undefined
                ? 'Only what was said before the end of the time; nothing new comes.'
                : 'How long an answer takes is known when it is there: new ones do not come by themselves.'}{' '}
              <LinkButton onClick={readAnew}>Read anew</LinkButton>
            </p>
          )}
          {(tail.shown.skipped > 0 || forgotten > 0) && (
            <p className={classes.note}>
              {(tail.shown.skipped + forgotten).toLocaleString('en')} messages that came meanwhile are not shown here;
              the log has them. <LinkButton onClick={readAnew}>Read anew</LinkButton>
            </p>
          )}
          {list.error && (
            <ProblemAlert error={list.error} what="The messages could not be read" onRetry={() => list.refetch()} />
          )}
          <DataTable
            label="Messages"
            rows={rows}
            rowId={({ id }) => id}
            columns={columns}
            card={(message) => <MessageCard message={message} withChargePoint={client === undefined} />}
            open={open}
            onOpen={toggle}
            onLeaveTop={tail.leaveTop}
            selection={{ selected, onChange: setSelected, nameOf: nameOf }}
            isLoading={list.isPending}
            hasMore={further.hasMore}
            loadMore={list.fetchNextPage}
            empty={<Nothing isFiltered={isFiltered(filters)} isLooking={further.isLooking} clear={clear} />}
          />
          {further.scannedTo !== undefined && list.hasNextPage && (
            <p className={classes.note} role="status">
              Looked back to {exactTime(Date.parse(further.scannedTo))}
              {further.isLooking ? ' …' : '. '}
              {!further.isLooking && <LinkButton onClick={further.goOn}>Look further back</LinkButton>}
            </p>
          )}
          {selected.size > 0 && (
            <SelectionBar
              chosen={rows.filter(({ id }) => selected.has(id))}
              compare={(ids) => setOpened({ compare: ids, message: undefined })}
              clear={() => setSelected(new Set())}
            />
          )}
        </div>
        <MessagePane opened={opened} rows={rows} open={setOpened} />
      </div>
    </>
  );
}

const nameOf = ({ body, client, messageTime }: Message): string =>
  `${body.messageType || 'not readable'} of ${client}, ${messageTime}`;

/** The server looks through a share of the log for each page: where nothing is found, it is not looked for without end. */
function useFurther(list: ReturnType<typeof useMessages>, asked: object) {
  const [wanted, setWanted] = useState(looksByItself);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters begin anew
  useEffect(() => setWanted(looksByItself), [asked]);
  const pages = list.data?.pages ?? [];
  const inVain = pages.length - 1 - pages.findLastIndex(({ items }) => items.length > 0);
  const mayGoOn = inVain < wanted;
  const goOn = useCallback(() => setWanted(inVain + looksByItself), [inVain]);
  return {
    hasMore: list.hasNextPage && !list.isFetchingNextPage && mayGoOn,
    isLooking: list.isFetching || (list.hasNextPage && mayGoOn),
    scannedTo: pages.at(-1)?.scannedTo,
    goOn,
  };
}

interface NothingProps {
  isFiltered: boolean;
  isLooking: boolean;
  clear: () => void;
}

function Nothing({ isFiltered: hasFilters, isLooking, clear }: NothingProps) {
  if (isLooking) return <EmptyState title="Nothing found yet">The log is looked through, the newest first.</EmptyState>;
  if (!hasFilters)
    return (
      <EmptyState title="No messages yet">
        What charge points say from now on shows up here by itself. If one should be connected and is not, look at “Not
        connected yet”.
      </EmptyState>
    );
  return (
    <EmptyState title="No message is like that">
      None fits all that is filtered by. What is said from now on and fits shows up here by itself.
      <Button variant="default" onClick={clear}>
        Show all messages
      </Button>
    </EmptyState>
  );
}

function LinkButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" className={classes.link} onClick={onClick}>
      {children}
    </button>
  );
}
