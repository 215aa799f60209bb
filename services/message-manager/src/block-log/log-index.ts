import type { Log } from '@ocpp-csms/runtime';
import type { Database, SqlValue } from '@ocpp-csms/storage';
import { type Kysely, sql, type Transaction } from 'kysely';
import { indexable } from '../envelope-text.ts';
import { maxBlockDistance, packMsgIds } from '../msg-id-code.ts';
import { bulkInsert, type Insert, insertOf } from './bulk-insert.ts';
import { type BlockRow, type LogSchema, type LogStateRow, sliceOf, terms } from './schema.ts';

/** Blocks noted together. More make fewer rows; until then a search looks at each of them. */
const maxBlocks = 1000;
/** Blocks read at a time: the event loop is not held up by more. */
const blocksAtOnce = 50;
/** Rows in one transaction: what is to be logged waits no longer than that takes. */
const rowsAtOnce = 2000;
/** However little there is, it is noted after so many milliseconds. */
const everyMs = 60_000;
/** Commits after which it is looked whether there are enough blocks. */
const commitsPerLook = 500;

/** Who notes and who deletes keep each other out, over all processes (see `WriteOptions.beside`). */
export const housekeeping = 'housekeeping';

export interface LogIndex {
  /** Notes what a process before has left, as after a crash. */
  start(): void;
  /** To be called after each commit of blocks. */
  committed(): void;
  /** Notes all blocks that are there. */
  update(): Promise<void>;
  /** Waits for what is under way. The rest is noted after the next start. */
  stop(): Promise<void>;
}

export interface LogIndexOptions {
  database: Database<LogSchema>;
  log: Log;
}

const insertTerms: Insert = {
  into: 'INSERT INTO term_blocks (term, slice, after_block, blocks)',
  columns: 4,
  otherwise: 'ON CONFLICT (term, slice, after_block) DO UPDATE SET blocks = excluded.blocks',
};
const insertMsgIds: Insert = {
  into: 'INSERT INTO msg_id_blocks (bucket, after_block, last_block, entries)',
  columns: 4,
  otherwise: `ON CONFLICT (bucket, after_block)
    DO UPDATE SET last_block = excluded.last_block, entries = excluded.entries`,
};
/** Not when another process was faster. */
const insertIndex = (after: number, last: number) => sql`INSERT INTO block_index
  SELECT seq, first_time, last_time, first_id, last_id, count, size, kinds, actions FROM blocks
  WHERE seq > ${after} AND seq <= ${last} AND seq > (SELECT indexed_to FROM log_state)`;
const updateState = (last: number) => sql`UPDATE log_state SET indexed_to = ${last}, messages = messages + (
    SELECT coalesce(sum(count), 0) FROM blocks WHERE seq > indexed_to AND seq <= ${last}
  ) WHERE indexed_to < ${last}`;

/** How the database is spoken to while a piece is noted. */
interface Access {
  read<Result>(work: (read: Kysely<LogSchema>) => Promise<Result>): Promise<Result>;
  insert(into: Insert, rows: readonly SqlValue[][]): Promise<void>;
  /** All in one transaction, the last. */
  finish(work: (transaction: Transaction<LogSchema>) => Promise<void>): Promise<void>;
}

/** Several transactions, between which others log; a second process there is none. */
const inSteps = (database: Database<LogSchema>): Access => ({
  // The thread that writes is there anyway; the one that reads would be kept from ending, with its memory.
  read: (work) => database.write(work),
  insert: (into, rows) => database.bulk([bulkInsert(into, rows)]),
  finish: (work) => database.write(work),
});

/** One transaction, which keeps out other processes that note; those that log go on beside it. */
const within = (transaction: Transaction<LogSchema>): Access => ({
  read: (work) => work(transaction),
  insert: async (into, rows) => void (await insertOf(into, rows).execute(transaction)),
  finish: (work) => work(transaction),
});

/**
 * Writes `block_index`, `term_blocks` and `msg_id_blocks` behind the log, from what the blocks say of themselves. Written with each
 * batch they cost about as much as the log itself, and next to nothing for a thousand blocks at once.
 */
export function createLogIndex({ database, log }: LogIndexOptions): LogIndex {
  let commits = 0;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let isStopped = false;

  /** Resolves with true when there may be more. */
  function noteSome(): Promise<boolean> {
    if (database.engine === 'sqlite') return noteWith(inSteps(database));
    return database.write((transaction) => noteWith(within(transaction)), { beside: [housekeeping] });
  }

  async function noteWith(access: Access): Promise<boolean> {
    const { indexed_to } = await access.read(readState);
    const piece = createPiece();
    let mayBeMore = true;
    while (piece.blocks < maxBlocks && mayBeMore && !isStopped) {
      const blocks = await access.read((read) => readBlocks(read, piece.last ?? indexed_to));
      if (!blocks.every((block) => piece.add(block))) break;
      mayBeMore = blocks.length === blocksAtOnce;
    }
    if (piece.last === undefined || isStopped) return false;
    await write(access, { piece, indexed_to, last: piece.last });
    return mayBeMore;
  }

  /** When it ends halfway it begins again at the same mark, and the rows that are there are replaced. */
  async function write(
    access: Access,
    { piece, indexed_to, last }: { piece: Piece; indexed_to: number; last: number },
  ): Promise<void> {
    await writeRows(access, insertTerms, piece.termRows());
    await writeRows(access, insertMsgIds, piece.msgIdRows(last));
    await access.finish(async (transaction) => {
      await insertIndex(indexed_to, last).execute(transaction);
      await updateState(last).execute(transaction);
    });
  }

  async function writeRows(access: Access, into: Insert, rows: readonly SqlValue[][]): Promise<void> {
    for (let at = 0; at < rows.length; at += rowsAtOnce) await access.insert(into, rows.slice(at, at + rowsAtOnce));
  }

  async function noteAll(): Promise<void> {
    while (await noteSome());
  }

  /** One after the other: a piece that was read before could write over a larger one. */
  function update(): Promise<void> {
    const turn = underWay.then(noteAll);
    underWay = turn.catch(() => undefined);
    return turn;
  }

  function run(): void {
    commits = 0;
    clearTimeout(timer);
    timer = undefined;
    update().catch((error: unknown) => log.warn({ err: error }, 'The log could not be indexed; tried again later'));
  }

  return {
    start: run,
    committed() {
      commits += 1;
      if (commits >= commitsPerLook) run();
      else timer ??= setTimeout(run, everyMs).unref();
    },
    update,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}

export async function readState(read: Kysely<LogSchema>): Promise<LogStateRow> {
  const { rows } = await sql<LogStateRow>`SELECT indexed_to, messages FROM log_state`.execute(read);
  return rows[0] ?? { indexed_to: 0, messages: 0 };
}

type NotedBlock = Pick<BlockRow, 'seq' | 'last_time' | 'actions' | 'clients' | 'msg_ids'>;

async function readBlocks(read: Kysely<LogSchema>, after: number): Promise<NotedBlock[]> {
  const { rows } = await sql<NotedBlock>`
    SELECT seq, last_time, actions, clients, msg_ids FROM blocks
    WHERE seq > ${after} ORDER BY seq LIMIT ${blocksAtOnce}`.execute(read);
  return rows;
}

type Piece = ReturnType<typeof createPiece>;

/** The blocks of each term and slice, and of each msgId. */
function createPiece() {
  const slices = new Map<number, Map<string, number[]>>();
  const noted: Pick<NotedBlock, 'seq' | 'msg_ids'>[] = [];
  let first: number | undefined;
  /** Just before the first block. */
  const after = (): number => (first ?? 1) - 1;
  return {
    get blocks(): number {
      return noted.length;
    },
    get last(): number | undefined {
      return noted.at(-1)?.seq;
    },
    /** False: it is too far from the others, and begins a piece of its own. */
    add(block: NotedBlock): boolean {
      first ??= block.seq;
      if (block.seq - after() > maxBlockDistance) return false;
      noteTerms(slices, block);
      noted.push({ seq: block.seq, msg_ids: block.msg_ids });
      return true;
    },
    /** In the order of the table, which is cheapest. */
    termRows(): SqlValue[][] {
      const rows: [string, number, number, string][] = [];
      for (const [slice, byTerm] of slices) {
        for (const [term, blocks] of byTerm) rows.push([indexable(term), slice, after(), JSON.stringify(blocks)]);
      }
      return rows.sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
    },
    /** As `termRows`. */
    msgIdRows(last: number): SqlValue[][] {
      return packMsgIds(noted, after()).map(([bucket, entries]) => [bucket, after(), last, entries]);
    },
  };
}

function noteTerms(slices: Map<number, Map<string, number[]>>, block: NotedBlock): void {
  const slice = sliceOf(block.last_time);
  const byTerm = slices.get(slice) ?? new Map<string, number[]>();
  slices.set(slice, byTerm);
  for (const term of termsOf(block)) {
    const blocks = byTerm.get(term);
    if (blocks === undefined) byTerm.set(term, [block.seq]);
    else blocks.push(block.seq);
  }
}

function termsOf({ actions, clients }: NotedBlock): string[] {
  return [
    ...(JSON.parse(clients) as string[]).map(terms.client),
    ...(actions === null ? [terms.anyAction] : (JSON.parse(actions) as string[]).map(terms.action)),
  ];
}
