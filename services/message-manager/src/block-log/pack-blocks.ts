import type { Envelope } from '@ocpp-csms/bus';
import type { BulkStatement, SqlValue } from '@ocpp-csms/storage';
import { indexable, storable, textOfEnvelope } from '../envelope-text.ts';
import { idsAround } from '../id-range.ts';
import { kindsOf } from '../kinds.ts';
import { msgIdCode } from '../msg-id-code.ts';
import { blockWidthMs, idWidthMs, linesPerBlock } from './schema.ts';

const maxMessages = 2000;
/** A block that is longer takes no more, in characters. */
const fullAt = 262_144;
/** A longer list would make the indexes large: it is left out, and the block is looked at whatever is asked for. */
const maxActionsLength = 500;

/** Messages on their way into one row of `blocks`. */
export interface Block {
  firstId: string;
  lastId: string;
  ids: readonly string[];
  /** The row, in the order of `blockColumns`. */
  row(): readonly SqlValue[];
  /** For each message that answers a CALL its line and the `id` of the CALL. */
  answers: readonly (readonly [number, string])[];
}

export const blockColumns = [
  'first_time',
  'last_time',
  'first_id',
  'last_id',
  'count',
  'size',
  'kinds',
  'actions',
  'clients',
  'msg_ids',
  'content',
] as const;

const insertBlock = `INSERT INTO blocks (${blockColumns.join(', ')}) VALUES (${blockColumns.map(() => '?').join(', ')})`;

/** Right after its block, which is then the newest. */
const insertAnswer = `INSERT INTO answers (seq, call_id) VALUES ((SELECT max(seq) FROM blocks) * ${linesPerBlock} + ?, ?)`;

export function insertStatements(blocks: readonly Block[]): BulkStatement[] {
  if (blocks.every(({ answers }) => answers.length === 0)) {
    return [{ sql: insertBlock, rows: blocks.map((block) => block.row()) }];
  }
  return blocks.flatMap((block) => [
    { sql: insertBlock, rows: [block.row()] },
    { sql: insertAnswer, rows: block.answers.map(([line, callId]) => [line, indexable(callId)]) },
  ]);
}

/**
 * The hot path: every message of every charge point passes here once. `now`, in milliseconds since 1970, is for
 * messages whose own time cannot be read.
 */
export function packBlocks(batch: readonly Envelope[], now: () => number): Block[] {
  const blocks: OpenBlock[] = [];
  let current: OpenBlock | undefined;
  let timeText = '';
  let time = Number.NaN;
  for (const envelope of batch) {
    const { id, messageTime } = envelope;
    if (messageTime !== timeText) {
      timeText = messageTime;
      time = Date.parse(messageTime);
    }
    if (current?.takes(time, id) !== true) {
      current = blocks.find((block) => block.takes(time, id)) ?? openBlock(time, id, now);
      if (current.ids.length === 0) blocks.push(current);
    }
    current.add(envelope, time);
  }
  return blocks;
}

/** A message whose time cannot be read gets a block of its own (nothing is within -1 ms), whose time is when it came. */
function openBlock(time: number, id: string, now: () => number): OpenBlock {
  return Number.isNaN(time) ? new OpenBlock(now(), id, -1) : new OpenBlock(time, id, blockWidthMs / 2);
}

/** Takes what is near its first message, in time and in id, so that a search by either reads few blocks. */
class OpenBlock implements Block {
  firstId: string;
  lastId: string;
  readonly ids: string[] = [];
  /** What is to be the content. Joined at the end, which is cheaper than a text that grows. */
  readonly #lines: string[] = [];
  #size = 0;
  readonly answers: [number, string][] = [];
  #firstTime: number;
  #lastTime: number;
  #kinds = 0;
  #msgIds = '';
  #action: string | undefined;
  readonly #actions = new Set<string>();
  readonly #clients = new Set<string>();
  readonly #earliest: number;
  readonly #latest: number;
  readonly #lowestId: string;
  readonly #highestId: string;

  constructor(time: number, id: string, spreadMs: number) {
    this.firstId = id;
    this.lastId = id;
    this.#firstTime = time;
    this.#lastTime = time;
    this.#earliest = time - spreadMs;
    this.#latest = time + spreadMs;
    const ids = idsAround(id, { before: idWidthMs / 2, after: idWidthMs / 2 });
    this.#lowestId = ids.from;
    this.#highestId = ids.to;
  }

  takes(time: number, id: string): boolean {
    return (
      time >= this.#earliest &&
      time <= this.#latest &&
      id >= this.#lowestId &&
      id <= this.#highestId &&
      this.ids.length < maxMessages &&
      this.#size < fullAt
    );
  }

  add(envelope: Envelope, time: number): void {
    const { id, client, body, answerTo } = envelope;
    if (time < this.#firstTime) this.#firstTime = time;
    else if (time > this.#lastTime) this.#lastTime = time;
    if (id > this.lastId) this.lastId = id;
    else if (id < this.firstId) this.firstId = id;
    this.#kinds |= kindsOf(envelope);
    this.#clients.add(client);
    this.#msgIds += msgIdCode(body.msgId);
    if (body.messageType !== this.#action) {
      this.#action = body.messageType;
      this.#actions.add(this.#action);
    }
    if (answerTo !== undefined) this.answers.push([this.ids.length, answerTo]);
    const line = textOfEnvelope(envelope);
    this.ids.push(id);
    this.#lines.push(line);
    this.#size += line.length + 1;
  }

  row(): readonly SqlValue[] {
    const actions = JSON.stringify([...this.#actions]);
    const content = this.#lines.join('\n');
    return [
      this.#firstTime,
      this.#lastTime,
      indexable(this.firstId),
      indexable(this.lastId),
      this.ids.length,
      content.length,
      this.#kinds,
      actions.length > maxActionsLength ? null : actions,
      JSON.stringify([...this.#clients].map(storable)),
      this.#msgIds,
      content,
    ];
  }
}
