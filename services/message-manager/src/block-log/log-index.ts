import type { Log } from '@ocpp-csms/runtime';
import type { Database, SqlValue } from '@ocpp-csms/storage';
import { type Kysely, sql } from 'kysely';
import { storable } from '../envelope-text.ts';
import { packMsgIds } from '../msg-id-code.ts';
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

const insertTerms = `INSERT INTO term_blocks (term, slice, after_block, blocks) VALUES (?, ?, ?, ?)
  ON CONFLICT (term, slice, after_block) DO UPDATE SET blocks = excluded.blocks`;
const insertMsgIds = `INSERT INTO msg_id_blocks (bucket, after_block, last_block, entries) VALUES (?, ?, ?, ?)
  ON CONFLICT (bucket, after_block) DO UPDATE SET last_block = excluded.last_block, entries = excluded.entries`;
/** Not when another process was faster. */
const insertIndex = `INSERT INTO block_index
  SELECT seq, first_time, last_time, first_id, last_id, count, size, kinds, actions FROM blocks
  WHERE seq > ? AND seq <= ? AND seq > (SELECT indexed_to FROM log_state)`;
const updateState = `UPDATE log_state SET indexed_to = ?, messages = messages + (
    SELECT coalesce(sum(count), 0) FROM blocks WHERE seq > indexed_to AND seq <= ?
  ) WHERE indexed_to < ?`;

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
  async function noteSome(): Promise<boolean> {
    const state = await inTransaction(readState);
    const piece = createPiece();
    while (piece.blocks < maxBlocks && !isStopped) {
      const after = piece.last ?? state.indexed_to;
      const blocks = await inTransaction((transaction) => readBlocks(transaction, after));
      for (const block of blocks) piece.add(block);
      if (blocks.length < blocksAtOnce) break;
    }
    if (piece.last === undefined || isStopped) return false;
    await write(piece, state.indexed_to, piece.last);
    return piece.blocks >= maxBlocks;
  }

  /** When it ends halfway it begins again at the same mark, and the rows that are there are replaced. */
  async function write(piece: Piece, after: number, last: number): Promise<void> {
    await writeRows(insertTerms, piece.termRows(after));
    await writeRows(insertMsgIds, piece.msgIdRows(after, last));
    await database.bulk([
      { sql: insertIndex, rows: [[after, last]] },
      { sql: updateState, rows: [[last, last, last]] },
    ]);
  }

  async function writeRows(statement: string, rows: readonly SqlValue[][]): Promise<void> {
    for (let at = 0; at < rows.length; at += rowsAtOnce) {
      await database.bulk([{ sql: statement, rows: rows.slice(at, at + rowsAtOnce) }]);
    }
  }

  /** The thread that writes is there anyway; the one that reads would be kept from ending, with its memory. */
  const inTransaction = <Result>(work: (read: Kysely<LogSchema>) => Promise<Result>) => database.write(work);

  async function update(): Promise<void> {
    while (await noteSome());
  }

  function run(): void {
    commits = 0;
    clearTimeout(timer);
    timer = undefined;
    underWay = underWay
      .then(update)
      .catch((error: unknown) => log.warn({ err: error }, 'The log could not be indexed; tried again later'));
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
  return {
    get blocks(): number {
      return noted.length;
    },
    get last(): number | undefined {
      return noted.at(-1)?.seq;
    },
    add(block: NotedBlock): void {
      noteTerms(slices, block);
      noted.push({ seq: block.seq, msg_ids: block.msg_ids });
    },
    /** In the order of the table, which is cheapest. */
    termRows(after: number): SqlValue[][] {
      const rows: [string, number, number, string][] = [];
      for (const [slice, byTerm] of slices) {
        for (const [term, blocks] of byTerm) rows.push([storable(term), slice, after, JSON.stringify(blocks)]);
      }
      return rows.sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
    },
    /** As `termRows`. */
    msgIdRows(after: number, last: number): SqlValue[][] {
      return packMsgIds(noted, after).map(([bucket, entries]) => [bucket, after, last, entries]);
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
