import { type RawBuilder, sql } from 'kysely';
import type { Condition, Filter } from '../filter.ts';
import type { Dialect } from './dialect.ts';

/** What a block must have, without its content: over `blocks b`. */
export function blockConditions({ conditions, action }: Filter, dialect: Dialect): RawBuilder<unknown>[] {
  return conditions.flatMap(({ kind, isAction }) => {
    if (kind !== undefined) return sql`b.kinds & ${kind} > 0`;
    return isAction && action !== undefined ? hasAction(action, dialect) : [];
  });
}

const hasAction = (action: string, { has }: Dialect): RawBuilder<unknown> =>
  sql`(b.actions IS NULL OR ${has(sql`b.actions`, JSON.stringify(action))})`;

/**
 * What the content of a block must have: over `blocks b`. That it has the client, the msgId or, where neither is given,
 * the action is known from how the block was found, and looking for it again would take as long as looking for the rest.
 */
export function contentConditions({ client, msgId, conditions }: Filter, dialect: Dialect): RawBuilder<unknown>[] {
  const contentHas = (text: string, anyCase: boolean) =>
    dialect.isLike(sql`b.content`, likePattern(fromRarest(text)), anyCase);
  const isFoundByAction = client === undefined && msgId === undefined;
  return conditions.flatMap(({ text, textAnyCase, isAction }: Condition) => {
    if (textAnyCase !== undefined) return contentHas(textAnyCase, true);
    if (text === undefined || msgId !== undefined || (isAction && isFoundByAction)) return [];
    return contentHas(text, false);
  });
}

/** Of the characters of the log, the most frequent first. */
const frequent = '":eti,a1nsorc2dm0-536pg.}{lub478 9vyhzfwq][xk';
/** What is left has to say enough. */
const leastLeft = 4;

/**
 * SQLite's LIKE goes from one first character of the pattern to the next, whatever its case, so that it is some times as
 * fast as `instr` where that one is rare: what comes before it is left out.
 */
function fromRarest(text: string): string {
  let [start, rarest] = [0, -1];
  for (let index = 0; index <= text.length - leastLeft; index++) {
    const rank = frequent.indexOf(text.charAt(index).toLowerCase());
    const rarity = rank === -1 ? frequent.length : rank;
    if (rarity > rarest) [start, rarest] = [index, rarity];
  }
  return text.slice(start);
}

const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
