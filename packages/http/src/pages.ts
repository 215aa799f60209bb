import Type, { type Static, type TSchema } from 'typebox';
import { Problem } from './problem.ts';

/** The parameters of every list. Spread `pageQuery.properties` into a larger query, or use it as it is. */
export const pageQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Most items in one answer.' }),
  cursor: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: '`nextCursor` of the answer before; without it, the list from its start.',
    }),
  ),
});
export type PageQuery = Static<typeof pageQuery>;

/** `{ items, nextCursor? }`; without `nextCursor` there is no more. */
export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Optional(Type.String({ description: 'Ask for more with `cursor`. Absent on the last page.' })),
  });

/** Where a list goes on, as text that callers do not read. `value` is anything that JSON can hold. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Throws a 400 `Problem` for what `encodeCursor` did not make. The caller checks what is inside before using it. */
export function decodeCursor<Value>(text: string): Value {
  try {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.toString('base64url') !== text) throw new SyntaxError('not base64url');
    return JSON.parse(bytes.toString('utf8')) as Value;
  } catch {
    throw new Problem(400, 'invalid-cursor', 'The cursor is not one that this list gave. Begin again without it.', {
      errors: [{ path: 'cursor', message: 'is not a cursor of this list' }],
    });
  }
}
