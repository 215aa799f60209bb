import { Button } from '@mantine/core';
import type { MeterReading, TransactionDetail } from '@ocpp-csms/api-client';
import { saveFile } from '../../data/save-file.ts';
import { csvOf } from '../../format/csv.ts';

interface SaveReadingsProps {
  transaction: TransactionDetail;
  readings: readonly MeterReading[];
}

const header = ['measured_at', 'measurand', 'phase', 'location', 'context', 'value', 'unit', 'as_sent'];

/** Every sample, one a line. */
export function SaveReadings({ transaction, readings }: SaveReadingsProps) {
  const rows = () =>
    readings.flatMap(({ measuredAt, samples }) =>
      samples.map(({ measurand, phase, location, context, value, unit, raw }) => [
        measuredAt,
        measurand,
        phase,
        location,
        context,
        value,
        unit,
        raw,
      ]),
    );
  return (
    <Button
      variant="default"
      onClick={() => saveFile(`transaction-${transaction.transactionId}.csv`, 'text/csv', csvOf(header, rows()))}
    >
      Save as CSV
    </Button>
  );
}
