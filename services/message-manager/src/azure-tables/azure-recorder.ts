import type { Envelope } from '@ocpp-csms/bus';
import { bounded } from '../bounded.ts';
import { writeIdIndex } from './id-index.ts';
import { type IndexEntry, indexEntry } from './index-entry.ts';
import type { JournalWriter } from './journal.ts';
import { type LogTables, requestsAtOnce } from './log-tables.ts';
import { type Entity, entityOf } from './message-entity.ts';
import { writeTimeIndex } from './time-index.ts';

/** Messages that are known to be logged. */
const maxRecent = 20_000;

export interface AzureRecorder {
  record(batch: readonly Envelope[]): Promise<void>;
}

export interface AzureRecorderOptions {
  tables: LogTables;
  journal: JournalWriter;
  onRecorded(): void;
}

/**
 * First what does not fit, then the messages, then what finds them: when it fails in between, the batch is delivered
 * again and lies over itself, since its keys come from the messages. What this process has logged is not logged again.
 */
export function createAzureRecorder({ tables, journal, onRecorded }: AzureRecorderOptions): AzureRecorder {
  const recent = new Set<string>();

  async function write(fresh: ReadonlyMap<string, Envelope>): Promise<void> {
    const rows = [...fresh.values()].map((envelope) => ({ envelope, ...entityOf(envelope) }));
    await bounded(
      rows.filter(({ parts }) => parts.length > 0),
      2,
      ({ parts }) => tables.index.put(parts),
    );
    const partitions = Map.groupBy(rows, ({ entity }) => entity.partitionKey);
    await bounded([...partitions.values()], requestsAtOnce, (some) =>
      tables.messages.put(some.map(({ entity }): Entity => entity)),
    );
    const entries = rows.map(({ envelope, parts }): IndexEntry => indexEntry(envelope, parts.length));
    for (const { entity, parts } of rows) if (parts.length === 0) tables.recent.add(entity);
    await writeIdIndex(tables.index, entries);
    await writeTimeIndex(tables.index, entries);
    await journal.append(entries);
  }

  function remember(keys: Iterable<string>): void {
    for (const key of keys) recent.add(key);
    for (const key of recent) {
      if (recent.size <= maxRecent) return;
      recent.delete(key);
    }
  }

  return {
    async record(batch) {
      const fresh = new Map<string, Envelope>();
      for (const envelope of batch) {
        const key = `${envelope.client} ${envelope.id}`;
        if (!recent.has(key)) fresh.set(key, envelope);
      }
      if (fresh.size === 0) return;
      await write(fresh);
      remember(fresh.keys());
      onRecorded();
    },
  };
}
