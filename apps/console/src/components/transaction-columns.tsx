import { Tooltip } from '@mantine/core';
import type { Transaction } from '@ocpp-csms/api-client';
import { Link } from '@tanstack/react-router';
import { stateOf } from '../format/connector-state.ts';
import { energy } from '../format/quantity.ts';
import { duration } from '../format/time.ts';
import { WarningIcon } from '../icons/icons.tsx';
import { ChargePointLink } from './charge-point-link.tsx';
import type { Column } from './data-table.tsx';
import { Figure } from './figure.tsx';
import { RelativeTime } from './relative-time.tsx';
import { StatePill } from './state-pill.tsx';
import classes from './transaction-columns.module.css';

/** The columns of a transaction wherever transactions are listed. `withChargePoint`: of more than one. */
export function transactionColumns({ withChargePoint }: { withChargePoint: boolean }): Column<Transaction>[] {
  const columns: (Column<Transaction> | false)[] = [
    { id: 'began', header: 'Began', width: '104px', cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
    {
      id: 'id',
      header: 'Transaction',
      width: 'minmax(90px, 0.8fr)',
      cell: (transaction) => <TransactionLink transaction={transaction} />,
    },
    withChargePoint && {
      id: 'charge-point',
      header: 'Charge point',
      width: 'minmax(120px, 1.2fr)',
      cell: ({ networkId }) => <ChargePointLink networkId={networkId} />,
    },
    { id: 'outlet', header: 'Connector', width: '80px', cell: outletOf },
    {
      id: 'token',
      header: 'Id token',
      width: 'minmax(110px, 1fr)',
      cell: ({ idToken }) => <Token idToken={idToken} />,
    },
    { id: 'took', header: 'Took', width: '92px', align: 'end', cell: (transaction) => <Took {...transaction} /> },
    {
      id: 'energy',
      header: 'Energy',
      width: '100px',
      align: 'end',
      cell: ({ energyWh }) => <Figure {...energy(energyWh)} />,
    },
    {
      id: 'state',
      header: 'How it is',
      width: 'minmax(130px, 1fr)',
      cell: (transaction) => <State {...transaction} />,
    },
    {
      id: 'flags',
      header: 'To look at',
      width: 'minmax(80px, 1fr)',
      cell: (transaction) => <Flags {...transaction} />,
    },
  ];
  return columns.filter((column) => column !== false);
}

/** Where there is no room for columns. */
export function TransactionCard({ transaction }: { transaction: Transaction }) {
  return (
    <div className={classes.card}>
      <div className={classes.line}>
        <ChargePointLink networkId={transaction.networkId} />
        <Figure {...energy(transaction.energyWh)} />
      </div>
      <div className={classes.line}>
        <State {...transaction} />
        <span className="dim">
          <Took {...transaction} />
        </span>
      </div>
      <div className={`${classes.line} dim`}>
        <TransactionLink transaction={transaction} />
        <RelativeTime at={transaction.startedAt} />
      </div>
    </div>
  );
}

export function TransactionLink({ transaction }: { transaction: Pick<Transaction, 'id' | 'transactionId'> }) {
  return (
    <Link to="/transactions/$id" params={{ id: transaction.id }} className="ellipsis">
      {transaction.transactionId}
    </Link>
  );
}

/** 1.6 names the connector, 2.x the EVSE and often no connector. */
export function outletOf({ evseId, connectorId }: Pick<Transaction, 'evseId' | 'connectorId'>): string {
  if (evseId === undefined) return connectorId === undefined ? '' : String(connectorId);
  return connectorId === undefined || connectorId === 1 ? String(evseId) : `${evseId}.${connectorId}`;
}

function Token({ idToken }: { idToken: string | undefined }) {
  if (idToken === undefined) return <span className="dim">no card</span>;
  return (
    <Link to="/tokens" search={{ q: idToken }} className="mono ellipsis">
      {idToken}
    </Link>
  );
}

function Took({ startedAt, stoppedAt }: Pick<Transaction, 'startedAt' | 'stoppedAt'>) {
  const end = stoppedAt === undefined ? Date.now() : Date.parse(stoppedAt);
  return <span className="nowrap">{duration(end - Date.parse(startedAt))}</span>;
}

/** How a charge that goes on is; why one that has ended did. */
export function State({ active, chargingState, reason, stoppedAt }: Transaction) {
  if (active)
    return (
      <StatePill
        state={stateOf({ status: 'Occupied' }, { connected: true, chargingState: chargingState ?? 'Charging' })}
      />
    );
  return (
    <span className="dim">
      ended{reason === undefined ? '' : `: ${reason}`}
      {stoppedAt === undefined && ', when is not known'}
    </span>
  );
}

function Flags({ flags, disputed }: Pick<Transaction, 'flags' | 'disputed'>) {
  if (flags.length === 0) return null;
  return (
    <Tooltip label={flags.map(({ words }) => words).join(' ')} multiline w={360}>
      <span className={classes.flags} data-disputed={disputed || undefined}>
        <WarningIcon width="13" height="13" />
        {disputed ? 'disputed' : flags.length === 1 ? flags[0]?.code : `${flags.length} notes`}
      </span>
    </Tooltip>
  );
}
