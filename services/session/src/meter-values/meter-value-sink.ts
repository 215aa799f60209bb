import type { BulkStatement, SqlValue } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import type { SessionDatabase } from '../schema.ts';
import type { Sample } from './normalise-sample.ts';
import type { MeterReading } from './read-meter-values.ts';

/** Where a reading comes from. */
export interface ReadingSource {
  envelopeId: string;
  networkId: string;
  receivedAt: string;
  messageType: string;
  /** The OCPP transaction id as sent. */
  transactionRef: string;
  /** 1.6 connector or 2.x EVSE. */
  outlet?: number | undefined;
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

/** What is in a row beside what is searched for. */
export interface ReadingBody {
  messageType: string;
  receivedAt: string;
  /** 1.6 connector or 2.x EVSE. */
  outlet?: number;
  /** As the charge point wrote the time. */
  raw: string;
  flags?: readonly string[];
  samples: readonly Sample[];
}

const insert = 'insert into meter_value (id, client, transaction_ref, measured_at, register_wh, body) values';
const conflict = 'on conflict (id) do nothing';
const statement = `${insert} (?, ?, ?, ?, ?, ?) ${conflict}`;

/** Six parameters a row; databases take some 32,000 in a statement. */
const rowsPerInsert = 1000;

/** An id with the group's number sorts as the groups do, up to so many in a message. */
const digits = 5;

export function createMeterValueSink(): MeterValueSink {
  let rows: SqlValue[][] = [];

  return {
    add({ envelopeId, networkId, receivedAt, messageType, transactionRef, outlet }, readings) {
      readings.forEach(({ at, raw, flags, samples, registerWh }, number) => {
        const body: ReadingBody = {
          messageType,
          receivedAt,
          outlet,
          raw,
          flags: flags.length === 0 ? undefined : flags,
          samples,
        };
        const id = `${envelopeId}:${String(number).padStart(digits, '0')}`;
        rows.push([id, networkId, transactionRef, at, registerWh, JSON.stringify(body)]);
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
