import type { BulkStatement, SqlValue } from './database.ts';
import type { SqliteThread } from './sqlite-thread.ts';
import { toError } from './storage-errors.ts';
import type { Turns } from './turns.ts';
import type { PackedStatement } from './worker-protocol.ts';

interface WaitingBulk {
  statements: readonly PackedStatement[];
  resolve(): void;
  reject(error: unknown): void;
}

/** Bulks that were queued while the worker was busy share one commit: the flush to the disk is what costs. */
export class BulkQueue {
  readonly #thread: SqliteThread;
  readonly #turns: Turns;
  #waiting: WaitingBulk[] = [];

  constructor(thread: SqliteThread, turns: Turns) {
    this.#thread = thread;
    this.#turns = turns;
  }

  /** Rejects with `RangeError` when the rows of a statement are not of one length, else as `Database.bulk`. */
  async run(statements: readonly BulkStatement[]): Promise<void> {
    const packed = statements.filter(({ rows }) => rows.length > 0).map(pack);
    if (packed.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ statements: packed, resolve, reject });
      if (this.#waiting.length > 1) return;
      this.#turns.run(() => this.#flush()).catch((error: unknown) => this.#rejectWaiting(error));
    });
  }

  async #flush(): Promise<void> {
    const bulks = this.#waiting;
    this.#waiting = [];
    try {
      const { faults } = await this.#thread.request({ kind: 'bulk', bulks: takeStatements(bulks) });
      for (const [index, bulk] of bulks.entries()) {
        const fault = faults?.[index];
        if (fault) bulk.reject(toError(fault, this.#thread.file));
        else bulk.resolve();
      }
    } catch (error) {
      for (const bulk of bulks) bulk.reject(error);
    }
  }

  #rejectWaiting(error: unknown): void {
    const bulks = this.#waiting;
    this.#waiting = [];
    for (const bulk of bulks) bulk.reject(error);
  }
}

/** They are cloned for the worker at once: kept until the commit they would outlive the collections of short-lived objects. */
function takeStatements(bulks: WaitingBulk[]): (readonly PackedStatement[])[] {
  return bulks.map((bulk) => {
    const { statements } = bulk;
    bulk.statements = [];
    return statements;
  });
}

function pack({ sql, rows }: BulkStatement): PackedStatement {
  const columns = rows[0]?.length ?? 0;
  // Filled by `push`: V8 clones an array with holes (`new Array(n)`) by key, several times slower.
  const values: SqlValue[] = [];
  for (const row of rows) {
    if (row.length !== columns) throw new RangeError(`rows of ${columns} and of ${row.length} values for: ${sql}`);
    for (const value of row) values.push(value instanceof Uint8Array ? compact(value) : value);
  }
  return { sql, rowCount: rows.length, columns, values };
}

/** A clone of a view carries the whole buffer beneath it, for a small Buffer the 8 KiB pool. */
function compact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
