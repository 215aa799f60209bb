import type { Kysely } from 'kysely';
import type { Filter } from '../filter.ts';
import type { Order } from '../log-store.ts';
import { pairAnswers } from './pair-answers.ts';
import type { LogSchema } from './schema.ts';
import { newestSeq } from './tail.ts';
import { type Position, positionOf, readWindow } from './window.ts';

/** Messages handed over at a time. */
const pageLines = 500;
/** Most that is looked through at a time (messages or, with a client, blocks), so that a reader who goes is noticed. */
const maxWindow = 5000;

/**
 * All messages of the filter as JSON Lines, a page at a time as the reader takes them. What is logged after the
 * beginning is left out, so that the export ends; what retention deletes meanwhile is missing.
 */
export async function* exportMessages(read: Kysely<LogSchema>, filter: Filter, order: Order): AsyncGenerator<string> {
  const upToSeq = await newestSeq(read);
  let after: Position | undefined;
  let size = 10;
  for (;;) {
    const window = await readWindow(read, { filter, order, after, upToSeq, size, limit: pageLines });
    const items = await pairAnswers(read, window.lines);
    if (items.length > 0) yield `${items.map((item) => JSON.stringify(item)).join('\n')}\n`;
    const last = window.lines.length === pageLines ? window.lines.at(-1) : undefined;
    // How many messages a piece holds is not known before: a piece that was too large would be looked through again.
    size = last === undefined ? Math.min(maxWindow, size * 2) : Math.max(1, Math.floor(size / 2));
    after = last === undefined ? window.end : positionOf(last);
    if (after === undefined) return;
  }
}
