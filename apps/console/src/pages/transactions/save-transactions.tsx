import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Transaction } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { outletOf } from '../../components/transaction-columns.tsx';
import { api } from '../../data/api.ts';
import { saveFile } from '../../data/save-file.ts';
import type { TransactionFilters } from '../../data/transactions.ts';
import { csvOf } from '../../format/csv.ts';

/** More than this is for the export of the API, which sends it as it reads. */
const mostRows = 50_000;

/** What the filters leave, as a table for a spreadsheet. */
export function SaveTransactions({ filters }: { filters: TransactionFilters }) {
  const [read, setRead] = useState<number>();
  async function save(): Promise<void> {
    const rows: Transaction[] = [];
    setRead(0);
    try {
      for await (const transaction of api.each('/session/transactions', { query: { ...filters, limit: 1000 } })) {
        rows.push(transaction);
        if (rows.length % 1000 === 0) setRead(rows.length);
        if (rows.length === mostRows) break;
      }
      saveFile('transactions.csv', 'text/csv', csvOf(header, rows.map(rowOf)));
      const message =
        rows.length === mostRows
          ? `The newest ${mostRows.toLocaleString('en')}. All of them: GET /session/transactions/export.`
          : `${rows.length.toLocaleString('en')} transactions.`;
      notifications.show({ title: 'transactions.csv is saved', message });
    } catch (error) {
      notifications.show({ color: 'red', title: 'The transactions could not be saved', message: String(error) });
    } finally {
      setRead(undefined);
    }
  }
  return (
    <Button variant="default" onClick={save} loading={read !== undefined}>
      Save as CSV{read !== undefined && read > 0 ? ` (${read.toLocaleString('en')})` : ''}
    </Button>
  );
}

const header = [
  'transaction_id',
  'charge_point',
  'connector',
  'id_token',
  'started_at',
  'stopped_at',
  'energy_wh',
  'meter_start_wh',
  'meter_stop_wh',
  'reason',
  'disputed',
  'flags',
  'id',
];

const rowOf = (one: Transaction): unknown[] => [
  one.transactionId,
  one.networkId,
  outletOf(one),
  one.idToken,
  one.startedAt,
  one.stoppedAt,
  one.energyWh,
  one.meterStartWh,
  one.meterStopWh,
  one.reason,
  one.disputed,
  one.flags.map(({ code }) => code).join(' '),
  one.id,
];
