import type { Envelope } from '@ocpp-csms/bus';
import type { JsonRow, MessageLine, RowLine } from './format.ts';
import type { OpenedParts } from './open-parts.ts';
import { messageService, plans } from './parts.ts';
import type { Progress } from './progress.ts';
import { openWriteTable, type WriteTable } from './write-table.ts';

/** Written together; as many messages as the bus hands over at once. */
const rowsAtOnce = 500;

/** Brings lines to their databases, in batches. */
export interface Loader {
  /** Resolves when there is room for more. */
  add(line: RowLine | MessageLine): Promise<void>;
  /** After the last line: all is durable, and can be found, when it resolves. */
  finish(): Promise<void>;
  /** Says of which tables rows were there already. */
  kept(): Promise<string[]>;
  readonly progress: Progress;
}

interface Target {
  service: string;
  table: string;
  /** Rows before the import; undefined where it cannot be said. */
  before: number | undefined;
  write(lines: readonly (RowLine | MessageLine)[]): Promise<void>;
  countRows(): Promise<number | undefined>;
}

export async function createLoader(opened: OpenedParts, progress: Progress): Promise<Loader> {
  const targets = await targetsOf(opened);
  let current: Target | undefined;
  let waiting: (RowLine | MessageLine)[] = [];

  async function flush(): Promise<void> {
    if (current === undefined || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    await current.write(batch);
    progress.add(current.service, current.table, batch.length);
  }

  return {
    progress,
    async add(line) {
      const target = targets.get(nameOf(line));
      if (target !== current || waiting.length >= rowsAtOnce) await flush();
      current = target;
      waiting.push(line);
    },
    async finish() {
      await flush();
      await opened.archive?.finish();
    },
    async kept() {
      const sentences: string[] = [];
      for (const target of targets.values()) sentences.push(...(await keptIn(target, progress)));
      return sentences;
    },
  };
}

async function keptIn({ service, table, before, countRows }: Target, { counts }: Progress): Promise<string[]> {
  const after = await countRows();
  const imported = counts[service]?.[table] ?? 0;
  if (before === undefined || after === undefined || after - before >= imported) return [];
  return [`  ${imported - (after - before)} rows of ${service} ${table} were there already, and stay as they were`];
}

const nameOf = (line: RowLine | MessageLine): string => `${line.service} ${'message' in line ? 'message' : line.table}`;

async function targetsOf({ databases, archive }: OpenedParts): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>();
  for (const [part, database] of databases) {
    const { database: service, tables } = plans[part];
    for (const table of tables) {
      const rows = await openWriteTable(database, service, table);
      targets.set(
        `${service} ${table.name}`,
        await tableTarget({ service, table: table.name, rows, counts: table.startsFilled !== true }),
      );
    }
  }
  if (archive !== undefined) {
    targets.set(`${messageService} message`, {
      service: messageService,
      table: 'message',
      before: undefined,
      write: (lines) => archive.record(lines.map((line) => (line as MessageLine).message as Envelope)),
      countRows: async () => undefined,
    });
  }
  return targets;
}

async function tableTarget({
  service,
  table,
  rows,
  counts,
}: {
  service: string;
  table: string;
  rows: WriteTable;
  counts: boolean;
}): Promise<Target> {
  return {
    service,
    table,
    before: counts ? await rows.countRows() : undefined,
    write: (lines) => rows.write(lines.map((line): JsonRow => (line as RowLine).row)),
    countRows: () => rows.countRows(),
  };
}
