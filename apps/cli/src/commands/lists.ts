import type { Command } from 'commander';
import type { Query } from '../connection/api.ts';
import { type ApiFlags, connect } from '../connection/connect.ts';
import { listing } from '../connection/pages.ts';
import type { Context } from '../context.ts';
import { printableJson } from '../output/printable.ts';
import { type Column, table } from '../output/table.ts';
import { wholeNumber } from './option-values.ts';

export interface ListFlags {
  limit: number;
  all?: boolean;
  json?: boolean;
}

export const withLimit = (command: Command, limit = 100): Command =>
  command.option('--limit <number>', 'at most so many', wholeNumber, limit).option('--all', 'all that there are');

export interface ListOptions<Item> {
  path: string;
  query?: Query;
  columns: readonly Column<Item>[];
  /** What is said when there is nothing to show. */
  nothing: string;
}

/** Rows are laid out together; a list without end is laid out in parts. */
const rowsTogether = 1000;

/** A list of the API: a table, or a JSON array with an item in each line. */
export async function showList<Item>(
  { path, query = {}, columns, nothing }: ListOptions<Item>,
  flags: ApiFlags & ListFlags,
  context: Context,
): Promise<Item[]> {
  const { limit, all, json } = flags;
  const { terminal } = context;
  const api = await connect(flags, context);
  const { items, hasMore } = listing<Item>(api, path, query, all ? Number.POSITIVE_INFINITY : limit);
  if (json) {
    await writeArray(items, terminal.out);
    return [];
  }
  let count = 0;
  let rows: Item[] = [];
  const show = async () => {
    if (rows.length > 0) await terminal.out(table(rows, columns, terminal));
    count += rows.length;
  };
  for await (const item of items) {
    if (rows.length === rowsTogether) {
      await show();
      rows = [];
    }
    rows.push(item);
  }
  await show();
  if (count === 0) terminal.note(nothing);
  if (hasMore()) terminal.note(`… and more: --limit ${limit * 10}, or --all`);
  return rows;
}

export async function writeArray(items: AsyncIterable<unknown>, out: (text: string) => Promise<void>): Promise<void> {
  let before = '[';
  for await (const item of items) {
    await out(`${before}\n${printableJson(JSON.stringify(item))}`);
    before = ',';
  }
  await out(before === '[' ? '[]\n' : '\n]\n');
}
