import type { BulkStatement, SqlValue } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import type { SessionDatabase } from '../context.ts';
import type { MeterReading } from './read-meter-values.ts';

/** Where a reading comes from. */
export interface ReadingSource {
  envelopeId: string;
  networkId: string;
  receivedAt: string;
  messageType: string;
  /** The OCPP transaction id as sent; '' without one. */
  transactionRef: string;
  /** 1.6 connector or 2.x EVSE. */
  outlet: number | null;
}

/**
 * Collects the meter values of a batch, so that a batch of nothing else costs one trip to the database. They are
 * matched to transactions when they are read: an unknown or foreign id is simply kept (field-faults row 38).
 */
export interface MeterValueSink {
  add(source: ReadingSource, readings: readonly MeterReading[]): void;
  /** Writes what was collected so far, so that queries see it. */
  flush(database: SessionDatabase): Promise<void>;
  /** Takes what was collected as a statement for `Database.bulk`; `undefined` when there is nothing. */
  take(): BulkStatement | undefined;
}

const columns =
  'envelope_id, position, client, transaction_ref, outlet, measured_at, measured_at_raw, received_at, source, register_wh, flags, samples';
const insert = `insert into meter_value (${columns}) values`;
// A message that is delivered again brings the same rows.
const conflict = 'on conflict (envelope_id, position) do nothing';
const statement = `${insert} (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${conflict}`;

/** Twelve parameters a row; databases take some 32,000 in a statement. */
const rowsPerInsert = 500;

export function createMeterValueSink(): MeterValueSink {
  let rows: SqlValue[][] = [];

  return {
    add({ envelopeId, networkId, receivedAt, messageType, transactionRef, outlet }, readings) {
      // A message with an absurd number of groups still has distinct positions.
      readings.forEach(({ at, raw, flags, samples, registerWh }, position) => {
        rows.push([
          envelopeId,
          position,
          networkId,
          transactionRef,
          outlet,
          at,
          raw,
          receivedAt,
          messageType,
          registerWh,
          flags.length === 0 ? '[]' : JSON.stringify(flags),
          JSON.stringify(samples),
        ]);
      });
    },

    async flush(database) {
      const taken = rows;
      rows = [];
      for (let start = 0; start < taken.length; start += rowsPerInsert) {
        const values = taken.slice(start, start + rowsPerInsert).map((row) => sql`(${sql.join(row)})`);
        await sql`${sql.raw(insert)} ${sql.join(values)} ${sql.raw(conflict)}`.execute(database);
      }
    },

    take() {
      if (rows.length === 0) return undefined;
      const taken = { sql: statement, rows };
      rows = [];
      return taken;
    },
  };
}
