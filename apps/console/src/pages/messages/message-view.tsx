import { Button, Skeleton } from '@mantine/core';
import type { Message } from '@ocpp-csms/api-client';
import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { ChargePointLink } from '../../components/charge-point-link.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { MessageDetail } from '../../components/message-row.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useMessage } from '../../data/messages.ts';
import { inWords, latency } from '../../format/quantity.ts';
import { CopyButton } from './copy-button.tsx';
import type { Open } from './filters.ts';
import classes from './message-pane.module.css';
import { MomentView } from './moment-view.tsx';
import { transactionIdOf } from './transaction-id.ts';

interface MessageViewProps {
  id: string;
  /** The message, when the list has it. */
  row: Message | undefined;
  open: Open;
}

/** Everything about one message, and the ways from it. */
export function MessageView({ id, row, open }: MessageViewProps) {
  const { data, error, refetch } = useMessage(row ? undefined : id);
  const message = row ?? data;
  if (!message && error)
    return <ProblemAlert error={error} what="The message could not be read" onRetry={() => refetch()} />;
  if (!message) return <Skeleton height={160} />;
  return <Shown message={message} open={open} />;
}

function Shown({ message, open }: { message: Message; open: Open }) {
  const { body, client, latencyMs, answerTo } = message;
  const [isMomentShown, setIsMomentShown] = useState(false);
  const transactionId = transactionIdOf(message);
  return (
    <div className={classes.view}>
      <h3 className={classes.name}>{body.messageType || 'Not readable'}</h3>
      <div className={classes.line}>
        <ChargePointLink networkId={client} />
        <span className="dim">
          {message.origin === 'client' ? 'said by the charger' : 'said by the CSMS'}{' '}
          <RelativeTime at={message.messageTime} />
        </span>
        {latencyMs !== undefined && <span className="dim">answered after {inWords(latency(latencyMs))}</span>}
        {transactionId !== undefined && <TransactionLink networkId={client} transactionId={transactionId} />}
        {answerTo !== undefined && (
          <Button variant="default" size="compact-xs" onClick={() => open({ message: answerTo })}>
            Show what it answers
          </Button>
        )}
      </div>
      <MessageDetail message={message} />
      <div className={classes.line}>
        <CopyButton text={() => JSON.stringify(message, null, 2)}>Copy as JSON</CopyButton>
        <Button variant="default" aria-expanded={isMomentShown} onClick={() => setIsMomentShown(!isMomentShown)}>
          {isMomentShown ? 'Hide the state then' : 'Show the state then'}
        </Button>
      </div>
      {isMomentShown && <MomentView networkId={client} at={message.messageTime} open={open} />}
    </div>
  );
}

const transactionPage = '/transactions/$id';

function TransactionLink({ networkId, transactionId }: { networkId: string; transactionId: string }) {
  const hasPage = Object.hasOwn(useRouter().routesByPath, transactionPage);
  return (
    <span className={classes.line}>
      {hasPage ? (
        <Link to={transactionPage} params={{ id: `${networkId}:${transactionId}` }}>
          Transaction {transactionId}
        </Link>
      ) : (
        <>
          transaction <Copyable text={transactionId} what="transaction id" />
        </>
      )}
    </span>
  );
}
