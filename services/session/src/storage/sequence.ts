import type { SessionDatabase } from '../schema.ts';

const sequenceNames = ['transaction-id', 'reservation-id'] as const;
export type SequenceName = (typeof sequenceNames)[number];

/** The next number of a durable sequence, from 1; of `count` numbers that are taken at once, the last. Taken back with the transaction that it is taken in; otherwise never given twice. */
export async function nextInSequence(database: SessionDatabase, name: SequenceName, count = 1): Promise<number> {
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

/** More than are taken between two backups: 1,000 a minute for 16 hours. Ids have 31 bits: room for 2,000 restores. */
const skipped = 1_000_000;

/** After a restore: what was given out after the backup is in use somewhere, and no sequence knows it any more. */
export async function skipNumbers(database: SessionDatabase): Promise<void> {
  for (const name of sequenceNames) await nextInSequence(database, name, skipped);
}
