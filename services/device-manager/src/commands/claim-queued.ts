import type { DeviceContext } from '../context.ts';
import type { CommandTable } from '../schema.ts';

/**
 * Takes a command out of the queue, for one instance of several that may look at it at the same time. Not taken when
 * another has it, when it has ended, and while another instance has a command of this charge point in hand: the queue
 * is sent in order, one after the other. To be done in a transaction about this charge point.
 */
export async function claimQueued(
  { command_id, network_id }: CommandTable,
  handed: Pick<CommandTable, 'handed_at' | 'not_after' | 'instance'>,
  { tx, clock }: DeviceContext,
): Promise<boolean> {
  const elsewhere = await tx
    .selectFrom('command')
    .select('command_id')
    .where('network_id', '=', network_id)
    .where('finished_at', 'is', null)
    .where('handed_at', 'is not', null)
    .where('instance', '!=', handed.instance)
    // In the hands of one that is gone: it will not answer any more.
    .where('not_after', '>', clock.now().toISOString())
    .executeTakeFirst();
  if (elsewhere) return false;
  const { numUpdatedRows } = await tx
    .updateTable('command')
    .set(handed)
    .where('command_id', '=', command_id)
    .where('handed_at', 'is', null)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
