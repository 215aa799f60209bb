import type { SessionDatabase } from '../schema.ts';

/** The next number of a durable sequence, from 1; of `count` numbers that are taken at once, the last. Taken back with the transaction that it is taken in; otherwise never given twice. */
export async function nextInSequence(database: SessionDatabase, name: string, count = 1): Promise<number> {
  const { value } = await database
    .insertInto('sequence')
    .values({ name, value: count })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ value: row('sequence.value', '+', count) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(value);
}
