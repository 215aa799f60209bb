import type { SessionDatabase } from '../schema.ts';

/** The next number of a durable sequence, from 1. Taken back with the transaction that it is taken in; otherwise never given twice. */
export async function nextInSequence(database: SessionDatabase, name: string): Promise<number> {
  const { value } = await database
    .insertInto('sequence')
    .values({ name, value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((row) => ({ value: row('sequence.value', '+', 1) })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(value);
}
