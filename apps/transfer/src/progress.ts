import type { Counts } from './format.ts';

/** Counts rows, and tells now and then how far it is. */
export interface Progress {
  add(service: string, table: string, rows: number): void;
  readonly counts: Counts;
  /** The lines so far. */
  readonly lines: number;
}

const everyMs = 2000;
const number = new Intl.NumberFormat('en-US');

export function createProgress(tell: (line: string) => void): Progress {
  const counts: Counts = {};
  let lines = 0;
  let toldAt = performance.now();
  return {
    counts,
    get lines() {
      return lines;
    },
    add(service, table, rows) {
      const ofService = counts[service] ?? {};
      counts[service] = ofService;
      const sum = (ofService[table] ?? 0) + rows;
      ofService[table] = sum;
      lines += rows;
      if (performance.now() - toldAt < everyMs) return;
      toldAt = performance.now();
      tell(`… ${service} ${table}: ${number.format(sum)}; ${number.format(lines)} in all`);
    },
  };
}

/** `session: 3 charging_transaction, 12 meter_value` for each service; tables without rows are left out. */
export function summaryOf(counts: Counts): string[] {
  return Object.entries(counts).map(([service, tables]) => {
    const some = Object.entries(tables).filter(([, rows]) => rows > 0);
    const words = some.map(([table, rows]) => `${number.format(rows)} ${table}`).join(', ');
    return `  ${service}: ${words || 'nothing'}`;
  });
}
