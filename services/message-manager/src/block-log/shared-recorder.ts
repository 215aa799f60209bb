import type { Envelope } from '@ocpp-csms/bus';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database, SqlValue } from '@ocpp-csms/storage';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { indexable } from '../envelope-text.ts';
import { groupBatches } from '../group-batches.ts';
import { idsAround } from '../id-range.ts';
import { readLines } from './find-messages.ts';
import { idCode, idCodesOf } from './id-code.ts';
import { type Block, blockColumns, packBlocks } from './pack-blocks.ts';
import { makePartitions } from './partitions.ts';
import { idWidthMs, type LogSchema, linesPerBlock, seqOfTime } from './schema.ts';

/** Of one transaction, about. */
const maxMessages = 4000;

export interface SharedRecorderOptions {
  database: Database<LogSchema>;
  clock: Clock;
  onRecorded(): void;
}

/**
 * Where several processes write one log (PostgreSQL). Each takes its turn by changing `log_mark`: it waits until the one
 * before has committed, and then sees what that has logged. So an `id` is found whoever logged it, blocks become visible
 * in the order of their `seq`, and a live reader misses none that is committed late. A process that is paused loses its
 * turn, and its transaction, after 5 s.
 */
export function createSharedRecorder({ database, clock, onRecorded }: SharedRecorderOptions) {
  const now = () => clock.now().getTime();
  /** The first `seq` without a partition. */
  let partitionsTo = 0;

  async function tryToRecord(batch: readonly Envelope[], blocks: readonly Block[]): Promise<Outcome> {
    const work = async (transaction: Transaction<LogSchema>): Promise<Outcome> => {
      let { last, indexedTo } = await takeTurn(transaction, { count: blocks.length, atLeast: seqOfTime(now()) });
      const fresh = await newOf(transaction, { batch, blocks, indexedTo });
      // Without what is in the log already, messages may fall into more blocks than with it.
      if (fresh.length > blocks.length) ({ last } = await takeTurn(transaction, { count: fresh.length, atLeast: 0 }));
      // The turn is given back: without its partition nothing can be added.
      if (last >= partitionsTo) return { partitionFor: last };
      await insert(transaction, fresh, last - Math.max(blocks.length, fresh.length) + 1);
      return {};
    };
    return database.write(work, { beside: [] });
  }

  /** The blocks without what is in the log already. */
  async function newOf(
    transaction: Transaction<LogSchema>,
    { batch, blocks, indexedTo }: Doubtful,
  ): Promise<readonly Block[]> {
    const near = new Map<string, number[]>();
    for (let at = 0; at < blocks.length; at += blocksAtOnce) {
      await noteCodesNear(transaction, { blocks: blocks.slice(at, at + blocksAtOnce), indexedTo }, near);
    }
    const ids = new Set(batch.map(({ id }) => id));
    const doubtful = [...ids].flatMap((id) => near.get(idCode(id)) ?? []);
    if (doubtful.length === 0 && ids.size === batch.length) return blocks;
    const logged = new Set((await readLines(transaction, doubtful)).map(({ message }) => message.id));
    const fresh = batch.filter(({ id }) => !logged.has(id) && logged.add(id));
    return packBlocks(fresh, now);
  }

  async function recordTogether(batch: readonly Envelope[]): Promise<void> {
    const blocks = packBlocks(batch, now);
    for (;;) {
      const { partitionFor } = await tryToRecord(batch, blocks);
      if (partitionFor === undefined) break;
      partitionsTo = await makePartitions(database, partitionFor);
    }
    onRecorded();
  }

  // There is one turn for all processes: batches of this one share it.
  const record = groupBatches(recordTogether, maxMessages);
  return { record: async (batch: readonly Envelope[]) => (batch.length === 0 ? undefined : record(batch)) };
}

interface Outcome {
  /** Nothing was added: the partition of this `seq` has to be made first. */
  partitionFor?: number;
}

interface Doubtful {
  batch: readonly Envelope[];
  blocks: readonly Block[];
  indexedTo: number;
}

/** Waits for the writer before, then has so many numbers for blocks. More of them may be taken than are used. */
async function takeTurn(
  transaction: Transaction<LogSchema>,
  { count, atLeast }: { count: number; atLeast: number },
): Promise<{ last: number; indexedTo: number }> {
  const { rows } = await sql<{ last: number; indexed_to: number }>`
    UPDATE log_mark SET last_block = greatest(last_block + ${count}, ${atLeast + count - 1})
    RETURNING last_block AS last, (SELECT indexed_to FROM log_state) AS indexed_to`.execute(transaction);
  const [row] = rows;
  if (row === undefined) throw new Error('the table log_mark of the message log is empty: restore it from a backup');
  return { last: row.last, indexedTo: row.indexed_to };
}

/** For each code, of ids in blocks whose ids overlap those of these blocks, the `seq` of the messages that have it. */
async function noteCodesNear(
  transaction: Transaction<LogSchema>,
  { blocks, indexedTo }: Omit<Doubtful, 'batch'>,
  found: Map<string, number[]>,
): Promise<void> {
  const near = (table: string) =>
    sql.join(
      blocks.map((block) => overlaps(table, block)),
      sql` OR `,
    );
  const { rows } = await sql<{ seq: number; id_codes: string }>`
    SELECT b.seq, b.id_codes FROM blocks b WHERE b.seq > ${indexedTo} AND (${near('b')})
    UNION
    SELECT b.seq, b.id_codes FROM blocks b
    WHERE b.seq = ANY(ARRAY(SELECT i.seq FROM block_index i WHERE ${near('i')}))`.execute(transaction);
  for (const { seq, id_codes } of rows) {
    for (const [line, code] of idCodesOf(id_codes).entries()) {
      const known = found.get(code);
      if (known === undefined) found.set(code, [seq * linesPerBlock + line]);
      else known.push(seq * linesPerBlock + line);
    }
  }
}

function overlaps(table: string, { firstId, lastId }: Block): RawBuilder<unknown> {
  const [first, last] = [indexable(firstId), indexable(lastId)];
  const highest = idsAround(last, { before: 0, after: idWidthMs }).to;
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`(${column('last_id')} BETWEEN ${first} AND ${highest} AND ${column('first_id')} <= ${last})`;
}

async function insert(transaction: Transaction<LogSchema>, blocks: readonly Block[], firstSeq: number): Promise<void> {
  const columns = sql.raw(['seq', ...blockColumns, 'id_codes'].join(', '));
  for (let at = 0; at < blocks.length; at += blocksAtOnce) {
    const rows = blocks
      .slice(at, at + blocksAtOnce)
      .map((block, n) => [firstSeq + at + n, ...block.row(), block.ids.map(idCode).join('')]);
    await sql`INSERT INTO blocks (${columns}) VALUES ${sql.join(rows.map(valuesOf))}`.execute(transaction);
  }
  const answers = blocks.flatMap((block, n) =>
    block.answers.map(([line, callId]) => [(firstSeq + n) * linesPerBlock + line, indexable(callId)]),
  );
  for (let at = 0; at < answers.length; at += answersAtOnce) {
    const some = answers.slice(at, at + answersAtOnce);
    await sql`INSERT INTO answers (seq, call_id) VALUES ${sql.join(some.map(valuesOf))}`.execute(transaction);
  }
}

/** Rows of one statement: PostgreSQL takes 65,535 values, and is slow with very many. */
const answersAtOnce = 4000;
const blocksAtOnce = 200;

const valuesOf = (row: readonly SqlValue[]): RawBuilder<unknown> => sql`(${sql.join([...row])})`;
