import { Tooltip } from '@mantine/core';
import type { Message } from '@ocpp-csms/api-client';
import { useMemo } from 'react';
import { inWords, latency } from '../format/quantity.ts';
import { clockTime, exactTime } from '../format/time.ts';
import { ArrowInIcon, ArrowOutIcon, WarningIcon } from '../icons/icons.tsx';
import { ChargePointLink } from './charge-point-link.tsx';
import { Copyable } from './copyable.tsx';
import type { Column } from './data-table.tsx';
import { JsonView } from './json-view.tsx';
import { useMeanings } from './json-view-meanings/use-meanings.ts';
import classes from './message-row.module.css';
import { MessageDeviations } from './message-row-deviations.tsx';

/** The columns of a message wherever messages are listed. `withChargePoint`: of more than one. */
export function messageColumns({ withChargePoint }: { withChargePoint: boolean }): Column<Message>[] {
  const columns: (Column<Message> | false)[] = [
    { id: 'time', header: 'Time', width: '104px', cell: (message) => <MessageTime message={message} /> },
    { id: 'origin', header: 'From', width: '92px', cell: (message) => <Origin message={message} /> },
    withChargePoint && {
      id: 'client',
      header: 'Charge point',
      width: 'minmax(110px, 1fr)',
      cell: ({ client }) => <ChargePointLink networkId={client} />,
    },
    { id: 'action', header: 'Action', width: 'minmax(150px, 1.2fr)', cell: (message) => <Action message={message} /> },
    {
      id: 'content',
      header: 'Content',
      width: 'minmax(160px, 4fr)',
      cell: ({ body }) => <Content value={body.messageBody} />,
    },
    { id: 'answer', header: 'Answer', width: 'minmax(120px, 1.4fr)', cell: (message) => <Answer message={message} /> },
    { id: 'latency', header: 'Took', width: '64px', align: 'end', cell: (message) => <Took message={message} /> },
  ];
  return columns.filter((column) => column !== false);
}

export function MessageCard({ message, withChargePoint = false }: { message: Message; withChargePoint?: boolean }) {
  return (
    <div className={classes.card}>
      <div className={classes.cardHead}>
        <Action message={message} />
        <span className="dim">
          <MessageTime message={message} />
        </span>
      </div>
      <div className={classes.cardHead}>
        <Origin message={message} />
        <span className={classes.answered}>
          <Answer message={message} /> <Took message={message} />
        </span>
      </div>
      {withChargePoint && (
        <div className="ellipsis">
          <ChargePointLink networkId={message.client} />
        </div>
      )}
    </div>
  );
}

/** Everything that there is to know of a message. */
export function MessageDetail({ message }: { message: Message }) {
  const { body, answer, raw, dropped } = message;
  const explained = useMeanings();
  const meanings = useMemo(() => explained?.meaningsOf(body.messageType), [explained, body.messageType]);
  return (
    <div className={classes.detail}>
      <MessageDeviations message={message} lintOf={explained?.lintOf} />
      {dropped !== undefined && (
        <p className={classes.deviations}>
          <WarningIcon width="13" height="13" /> It was never written to the charge point: {dropped}
        </p>
      )}
      <div className={classes.sides}>
        <section>
          <h3>{kindWords[body.direction] ?? 'Message'}</h3>
          <JsonView value={body.messageBody} label={`Content of ${body.messageType}`} meanings={meanings} />
        </section>
        {answer && (
          <section>
            <h3>{kindWords[answer.direction] ?? 'Answer'}</h3>
            <JsonView value={answer.messageBody} label={`Answer to ${body.messageType}`} meanings={meanings} />
          </section>
        )}
      </div>
      {raw !== undefined && (
        <section>
          <h3>As it was sent</h3>
          <pre className={classes.raw}>{raw}</pre>
        </section>
      )}
      <div className={classes.ids}>
        <span>
          {exactTime(Date.parse(message.messageTime))} · {message.protocol} · node {message.serverNode}
        </span>
        <span>
          message id <Copyable text={body.msgId} what="message id" />
        </span>
        <span>
          in the log <Copyable text={message.id} what="log id" />
        </span>
      </div>
    </div>
  );
}

const kindWords: Readonly<Record<number, string>> = {
  0: 'Not readable',
  2: 'CALL',
  3: 'CALLRESULT',
  4: 'CALLERROR',
  5: 'CALLRESULTERROR',
  6: 'SEND',
};

function MessageTime({ message }: { message: Message }) {
  const at = Date.parse(message.messageTime);
  return (
    <time
      dateTime={message.messageTime}
      className={classes.time}
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = exactTime(at);
      }}
    >
      {clockTime(at)}
    </time>
  );
}

function Origin({ message }: { message: Message }) {
  const isIn = message.origin === 'client';
  const Icon = isIn ? ArrowInIcon : ArrowOutIcon;
  return (
    <span className={classes.origin} data-origin={message.origin}>
      <Icon width="14" height="14" /> {isIn ? 'charger' : 'CSMS'}
    </span>
  );
}

function Action({ message }: { message: Message }) {
  const { body, deviations = [] } = message;
  return (
    <span className={classes.action}>
      {body.messageType || 'not readable'}
      {body.direction !== 2 && body.direction !== 6 && <span className="dim"> {kindWords[body.direction]}</span>}
      {deviations.length > 0 && (
        <Tooltip
          label={`${deviations.length} × not as the specification says: ${deviations.map(({ rule }) => rule).join(', ')}`}
        >
          <span className={classes.flag}>
            <WarningIcon width="12" height="12" /> {deviations.length}
          </span>
        </Tooltip>
      )}
    </span>
  );
}

/** More of it is cut off anyway. */
const longestLine = 240;

function Content({ value }: { value: unknown }) {
  return <span className={classes.content}>{(JSON.stringify(value) ?? '').slice(0, longestLine)}</span>;
}

function Answer({ message }: { message: Message }) {
  const { answer, dropped, body } = message;
  if (dropped !== undefined) return <span className={classes.bad}>not sent</span>;
  if (!answer) return <span className="dim">{body.direction === 2 ? 'none' : ''}</span>;
  if (answer.direction !== 3) return <span className={classes.bad}>{errorIn(answer.messageBody)}</span>;
  return <span className={classes.content}>{statusIn(answer.messageBody)}</span>;
}

function Took({ message }: { message: Message }) {
  return message.latencyMs === undefined ? null : <span className="dim">{inWords(latency(message.latencyMs))}</span>;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

const errorIn = (body: unknown): string => String(member(body, 'errorCode') ?? 'error');

/** The decision in an answer, wherever the action has it. */
function statusIn(body: unknown): string {
  const status =
    member(body, 'status') ??
    member(member(body, 'idTagInfo'), 'status') ??
    member(member(body, 'idTokenInfo'), 'status');
  return typeof status === 'string' ? status : 'ok';
}
