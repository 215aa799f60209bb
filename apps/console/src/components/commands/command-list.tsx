import type { Command } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { answerWords } from '../../commands/answer-words.ts';
import type { CommandPages } from '../../data/commands.ts';
import { ButtonLink } from '../button-link.tsx';
import { ChargePointLink } from '../charge-point-link.tsx';
import { Copyable } from '../copyable.tsx';
import { type Column, DataTable } from '../data-table.tsx';
import { EmptyState } from '../empty-state.tsx';
import { JsonView } from '../json-view.tsx';
import { ProblemAlert } from '../problem-alert.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { Verdict } from '../verdict.tsx';
import classes from './command-list.module.css';

function columnsOf(withChargePoint: boolean): Column<Command>[] {
  const columns: (Column<Command> | false)[] = [
    { id: 'at', header: 'When', width: '104px', cell: ({ requestedAt }) => <RelativeTime at={requestedAt} /> },
    withChargePoint && {
      id: 'charge-point',
      header: 'Charge point',
      width: 'minmax(120px, 1fr)',
      cell: ({ networkId }) => <ChargePointLink networkId={networkId} />,
    },
    { id: 'action', header: 'Command', width: 'minmax(150px, 1fr)', cell: ({ action }) => <strong>{action}</strong> },
    {
      id: 'payload',
      header: 'Content',
      width: 'minmax(140px, 2.5fr)',
      cell: ({ payload }) => <span className={classes.content}>{JSON.stringify(payload)}</span>,
    },
    { id: 'answer', header: 'Answer', width: 'minmax(140px, 1.4fr)', cell: (command) => <Answer command={command} /> },
    { id: 'by', header: 'By', width: 'minmax(70px, 0.6fr)', cell: ({ requestedBy }) => requestedBy },
  ];
  return columns.filter((column) => column !== false);
}

interface CommandListProps {
  list: CommandPages;
  withChargePoint?: boolean;
  /** What is said when there is none. */
  empty: string;
}

/** Commands, the newest first: what was sent and what was answered. */
export function CommandList({ list, withChargePoint = false, empty }: CommandListProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const columns = useMemo(() => columnsOf(withChargePoint), [withChargePoint]);
  return (
    <>
      {list.error && (
        <ProblemAlert error={list.error} what="The commands could not be read" onRetry={() => list.refetch()} />
      )}
      <DataTable
        label="Commands"
        rows={rows}
        rowId={({ commandId }) => commandId}
        columns={columns}
        card={(command) => <CommandCard command={command} />}
        open={open}
        onOpen={({ commandId }) => setOpen(open.has(commandId) ? new Set() : new Set([commandId]))}
        detail={(command) => <CommandDetail command={command} />}
        isLoading={list.isPending}
        hasMore={list.hasNextPage && !list.isFetchingNextPage}
        loadMore={list.fetchNextPage}
        empty={<EmptyState title="No commands">{empty}</EmptyState>}
      />
    </>
  );
}

function Answer({ command }: { command: Command }) {
  const { word, isGood, detail } = answerWords(command);
  return (
    <Verdict isGood={isGood}>
      {word}
      {detail !== undefined && <span className="dim"> {detail}</span>}
    </Verdict>
  );
}

function CommandCard({ command }: { command: Command }) {
  return (
    <div className={classes.card}>
      <div className={classes.line}>
        <strong>{command.action}</strong>
        <span className="dim">
          <RelativeTime at={command.requestedAt} />
        </span>
      </div>
      <Answer command={command} />
    </div>
  );
}

function CommandDetail({ command }: { command: Command }) {
  return (
    <div className={classes.detail}>
      <div className={classes.sides}>
        <section>
          <h3>Sent</h3>
          <JsonView value={command.payload} label={`What was sent with ${command.action}`} />
        </section>
        <section>
          <h3>Answered</h3>
          {command.error && <p>{`${command.error.code}: ${command.error.description}`}</p>}
          {command.response === undefined ? (
            !command.error && <span className="dim">nothing yet</span>
          ) : (
            <JsonView value={command.response} label={`What was answered to ${command.action}`} />
          )}
        </section>
      </div>
      <div className={classes.ids}>
        <span>
          asked for <RelativeTime at={command.requestedAt} /> by {command.requestedBy}
        </span>
        <span>
          sent <RelativeTime at={command.sentAt} none="not" />
        </span>
        <span>
          ended <RelativeTime at={command.finishedAt} none="not" />
        </span>
        <span>
          command id <Copyable text={command.commandId} what="command id" />
        </span>
        <ButtonLink
          to="/commands"
          search={{ to: command.networkId, action: command.action, payload: JSON.stringify(command.payload) }}
        >
          Send it again …
        </ButtonLink>
      </div>
    </div>
  );
}
