import type { CommandStatus } from '@ocpp-csms/calls';
import { redact } from '@ocpp-csms/ocpp';
import type { DeviceContext, Reader } from '../context.ts';
import type { CommandTable } from '../schema.ts';

/** How a command ended, or how it stands. */
export interface Ending {
  status: Extract<CommandStatus, 'answered' | 'rejected' | 'timed-out' | 'unknown' | 'expired'>;
  response?: unknown;
  error?: { code: string; description: string };
}

export function findCommand(reader: Reader, commandId: string): Promise<CommandTable | undefined> {
  return reader.selectFrom('command').selectAll().where('command_id', '=', commandId).executeTakeFirst();
}

/** An answer may still come for these: it is what counts then. */
const endedWithoutAnswer: readonly string[] = ['timed-out', 'unknown'];

/**
 * Writes down how a command ended, once: an answer also replaces `timed-out` and `unknown`, nothing else replaces
 * anything. Returns the command as it is now, or undefined when it had ended before or is none of ours.
 */
export async function endCommand(
  commandId: string,
  ending: Ending,
  context: DeviceContext,
): Promise<CommandTable | undefined> {
  const { tx, clock, signals } = context;
  const command = await findCommand(tx, commandId);
  if (!command || !mayEnd(command, ending.status)) return undefined;
  const ended = {
    status: ending.status,
    response: ending.response === undefined ? null : JSON.stringify(redact(command.action, ending.response)),
    error_code: ending.error?.code ?? null,
    error_description: ending.error?.description ?? null,
    finished_at: clock.now().toISOString(),
  };
  await tx.updateTable('command').set(ended).where('command_id', '=', commandId).execute();
  context.emit(command.network_id, 'CommandFinished', { commandId, action: command.action, status: ending.status });
  const finished = { ...command, ...ended };
  context.afterCommit(() => signals.commandFinished(finished));
  return finished;
}

function mayEnd({ status, finished_at }: CommandTable, next: Ending['status']): boolean {
  if (finished_at === null) return true;
  return endedWithoutAnswer.includes(status) && (next === 'answered' || next === 'rejected');
}
