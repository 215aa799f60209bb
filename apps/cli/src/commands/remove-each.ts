import { type ApiFlags, connect } from '../connection/connect.ts';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';
import { jsonDocument } from '../output/json.ts';
import { printable } from '../output/printable.ts';

/** Removes each of them. One that is not there keeps none of the others, and is told at the end. */
export async function removeEach(
  ids: readonly string[],
  pathOf: (id: string) => string,
  flags: ApiFlags,
  context: Context,
): Promise<void> {
  const { json } = flags;
  const { terminal } = context;
  const api = await connect(flags, context);
  const removed: string[] = [];
  let failure: Failure | undefined;
  for (const id of ids) {
    try {
      await api.send('DELETE', pathOf(id));
      removed.push(id);
      if (!json) await terminal.out(`Removed ${printable(id)}\n`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (failure !== undefined) terminal.note(printable(failure.message));
      failure = error;
    }
  }
  if (json) await terminal.out(jsonDocument({ removed }));
  if (failure !== undefined) throw failure;
}
