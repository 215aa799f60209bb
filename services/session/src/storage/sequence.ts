import type { SessionDatabase } from '../schema.ts';

/** The next number of a durable sequence, from 1. Taken back with the transaction that it is taken in; otherwise never given twice. */
export async function nextInSequence(database: SessionDatabase, name: string): Promise<number> {
  await database
    .insertInto('sequence')
    .values({ name, value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((row) => ({ value: row('sequence.value', '+', 1) })))
    .execute();
  const { value } = await database
    .selectFrom('sequence')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return Number(value);
}
