import type { Engine, Migration } from '@ocpp-csms/storage';
import { type Kysely, sql } from 'kysely';

/**
 * Messages that were committed together (docs/decisions/0005-log-in-blocks.md). The columns before `content` only say
 * which blocks need not be read; the exact answer is always in the content. No index but the key: it is the hot path.
 */
export interface BlockRow {
  /** The order in which blocks were logged. A message is known by `seq * linesPerBlock + its line`. */
  seq: number;
  /** Milliseconds since 1970, of the messages in it; no further apart than `blockWidthMs`. */
  first_time: number;
  last_time: number;
  /** The lowest and the highest `id`; no further apart than `idWidthMs`. */
  first_id: string;
  last_id: string;
  count: number;
  /** Characters of the content. */
  size: number;
  /** The sum of those of `kinds`, and of `kindOfDirection`, that at least one of the messages has. */
  kinds: number;
  /** JSON array of the actions; absent: too many to tell. */
  actions: string | null;
  /** JSON array of the clients. */
  clients: string;
  /** A code for the msgId of each message, see `msgIdCode`. */
  msg_ids: string;
  /** The envelopes as JSON in the order in which they came, one in a line. */
  content: string;
}

/** More than the lines of any block. */
export const linesPerBlock = 65_536;

/**
 * Where several processes write, a block's `seq` is when it was logged, in units of 16 ms, or higher where there are more
 * of them: partitions by `seq` are then partitions by time. A message's `seq` stays an exact number until 2039.
 */
export const seqOfTime = (milliseconds: number): number => Math.floor(milliseconds / 16);
export const timeOfSeq = (seq: number): number => seq * 16;

export const blockWidthMs = 10_000;
export const idWidthMs = 60_000;

/** What is known of a block without its content. Written some time after the blocks, see `log_state`. */
export type BlockIndexRow = Omit<BlockRow, 'clients' | 'msg_ids' | 'content'>;

/** In which blocks there are messages of a client, or of an action. Written some time after the blocks, see `log_state`. */
export interface TermBlocksRow {
  /** See `terms`. */
  term: string;
  /** `last_time` of the blocks in units of `sliceMs`. */
  slice: number;
  /** The last block before those that were noted together with these. */
  after_block: number;
  /** JSON array of `blocks.seq`. */
  blocks: string;
}

/** What `term_blocks` tells of. A block with too many actions to tell counts for each. */
export const terms = {
  client: (client: string) => `client ${client}`,
  action: (action: string) => `action ${action}`,
  anyAction: 'any action',
} as const;

/** In which blocks there are messages with a msgId. Written some time after the blocks, see `log_state`. */
export interface MsgIdBlocksRow {
  /** `bucketOf` its code. */
  bucket: string;
  /** The last block before those that were noted together, and the last of these. */
  after_block: number;
  last_block: number;
  /** Codes and blocks, see `packMsgIds`. */
  entries: string;
}

/** More than `blockWidthMs`, so that a block reaches no further than into the slice before. */
export const sliceMs = 30_000;
export const sliceOf = (time: number): number => Math.floor(time / sliceMs);

/** A message that answers a CALL. */
export interface AnswerRow {
  /** Of the message. */
  seq: number;
  /** The `id` of the CALL. */
  call_id: string;
}

/** One row. */
export interface LogStateRow {
  /**
   * Up to which block `block_index`, `term_blocks` and `msg_id_blocks` are complete; those after it have to be looked at one by one.
   * There are few: an index that is written with each batch costs more than the batch.
   */
  indexed_to: number;
  /** How many messages the blocks up to there hold. */
  messages: number;
}

export interface LogSchema {
  blocks: BlockRow;
  block_index: BlockIndexRow;
  /** Those of `block_index`, and the others from their blocks. */
  block_refs: BlockIndexRow;
  term_blocks: TermBlocksRow;
  msg_id_blocks: MsgIdBlocksRow;
  answers: AnswerRow;
  log_state: LogStateRow;
}

/** What SQLite and PostgreSQL call things. */
interface Words {
  integer: string;
  text: string;
  /** After a table whose rows are best kept in the order of its key. */
  byKey: string;
  /** Only where several processes write. */
  shared: boolean;
}

const words: Readonly<Record<Engine, Words>> = {
  sqlite: { integer: 'INTEGER', text: 'TEXT', byKey: ' WITHOUT ROWID', shared: false },
  // Compared byte by byte, as SQLite does.
  postgresql: { integer: 'BIGINT', text: 'TEXT COLLATE "C"', byKey: '', shared: true },
};

const knownOfBlock = ({ integer, text }: Words): string => `
    seq ${integer} PRIMARY KEY,
    first_time ${integer} NOT NULL,
    last_time ${integer} NOT NULL,
    first_id ${text} NOT NULL,
    last_id ${text} NOT NULL,
    count ${integer} NOT NULL,
    size ${integer} NOT NULL,
    kinds ${integer} NOT NULL,
    actions ${text}`;

function statementsFor(engine: Engine): string[] {
  const of = words[engine];
  const { integer, text, byKey, shared } = of;
  const partitioned = shared ? ' PARTITION BY RANGE (seq)' : '';
  return [
    `CREATE TABLE blocks (${knownOfBlock(of)},
      clients ${text} NOT NULL,
      msg_ids ${text} NOT NULL,
      content ${text} NOT NULL${shared ? `,\n      id_codes ${text} NOT NULL` : ''}
    )${partitioned}`,
    `CREATE TABLE block_index (${knownOfBlock(of)})`,
    // Everything that chooses blocks by time is in these.
    `CREATE INDEX block_index_by_last_time ON block_index (last_time, seq, first_time, count, size, kinds, actions)`,
    `CREATE INDEX block_index_by_first_time ON block_index (first_time, seq, last_time, count, size, kinds, actions)`,
    `CREATE INDEX block_index_by_id ON block_index (last_id, first_id)`,
    `CREATE TABLE log_state (indexed_to ${integer} NOT NULL, messages ${integer} NOT NULL)`,
    `INSERT INTO log_state VALUES (0, 0)`,
    `CREATE VIEW block_refs AS
      SELECT seq, first_time, last_time, first_id, last_id, count, size, kinds, actions FROM block_index
      UNION ALL
      SELECT seq, first_time, last_time, first_id, last_id, count, size, kinds, actions FROM blocks
      WHERE seq > (SELECT indexed_to FROM log_state)`,
    `CREATE TABLE term_blocks (
      term ${text} NOT NULL,
      slice ${integer} NOT NULL,
      after_block ${integer} NOT NULL,
      blocks ${text} NOT NULL,
      PRIMARY KEY (term, slice, after_block)
    )${byKey}`,
    `CREATE INDEX term_blocks_by_slice ON term_blocks (slice)`,
    `CREATE TABLE msg_id_blocks (
      bucket ${text} NOT NULL,
      after_block ${integer} NOT NULL,
      last_block ${integer} NOT NULL,
      entries ${text} NOT NULL,
      PRIMARY KEY (bucket, after_block)
    )${byKey}`,
    `CREATE INDEX msg_id_blocks_by_block ON msg_id_blocks (last_block)`,
    `CREATE TABLE answers (seq ${integer} PRIMARY KEY, call_id ${text} NOT NULL)${partitioned}`,
    `CREATE INDEX answers_by_call ON answers (call_id)`,
    ...(shared ? sharedStatements : []),
  ];
}

/** `last_block`: the newest. Whoever adds blocks changes it first, and so waits until the one before has committed. */
const sharedStatements = [`CREATE TABLE log_mark (last_block BIGINT NOT NULL)`, `INSERT INTO log_mark VALUES (0)`];

async function createLogTables(database: Kysely<unknown>, engine: Engine): Promise<void> {
  for (const statement of statementsFor(engine)) await sql.raw(statement).execute(database);
}

export const migrations: readonly Migration[] = [{ name: '0001-log', up: createLogTables }];
