import type { SessionDatabase } from '../schema.ts';

const name = 'transaction-id-key';

/** The key of this installation, made once from `random` and kept in the database. */
export async function installationKey(
  database: SessionDatabase,
  random: (bytes: Uint8Array) => void,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(32);
  random(bytes);
  await database
    .insertInto('installation')
    .values({ name, value: Buffer.from(bytes).toString('base64') })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await database
    .selectFrom('installation')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return Buffer.from(value, 'base64');
}
