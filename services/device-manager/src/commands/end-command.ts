import type { DeviceContext } from '../context.ts';
import type { CommandTable } from '../schema.ts';
import { type Ending, endCommand } from './command-store.ts';
import { settlePassword } from './password-change.ts';

/** Ends a command and settles what hung on it. Returns it when it ended just now. */
export async function finishCommand(
  commandId: string,
  ending: Ending,
  context: DeviceContext,
): Promise<CommandTable | undefined> {
  const command = await endCommand(commandId, ending, context);
  if (command) await settlePassword(command, ending, context);
  return command;
}
