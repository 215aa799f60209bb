import type { CommandResult, CommandStatus } from '@ocpp-csms/calls';
import { Problem } from '@ocpp-csms/http';
import type { CommandTable } from '../schema.ts';

export function resultOf(command: CommandTable): CommandResult {
  return {
    commandId: command.command_id,
    messageId: command.command_id,
    status: command.status as CommandStatus,
    ...(command.response === null ? {} : { response: JSON.parse(command.response) }),
    ...(command.error_code === null
      ? {}
      : { error: { code: command.error_code, description: command.error_description ?? '' } }),
  };
}

/** Errors of commands that csms-server, and not the charge point, has refused. */
export const notSent = 'NotSent';
export const queueFull = 'QueueFull';

/** 200 for what the charge point said, 202 for what goes on; throws a `Problem` with the commandId for the rest. */
export function answerOf(result: CommandResult): { status: 200 | 202; body: CommandResult } {
  switch (result.status) {
    case 'answered':
      return { status: 200, body: result };
    case 'queued':
    case 'sent':
      return { status: 202, body: result };
    case 'rejected':
      if (result.error?.code !== notSent && result.error?.code !== queueFull) return { status: 200, body: result };
      throw refused(result);
    case 'expired':
      throw problem(504, 'command-expired', 'The command was not sent in time, and will not be sent any more.', result);
    case 'timed-out':
      throw problem(
        504,
        'command-timed-out',
        'The charge point did not answer in time. Should it answer later, the command shows it.',
        result,
      );
    case 'unknown':
      throw problem(
        504,
        'command-unknown',
        'It is not known whether the charge point got the command. It is not sent again.',
        result,
      );
  }
}

function refused(result: CommandResult): Problem {
  const said = result.error?.description ?? '';
  if (result.error?.code === queueFull)
    return problem(503, 'queue-full', `Too many commands wait for this charge point: ${said}`, result);
  return problem(409, 'not-sent', `The command was not sent: ${said}`, result);
}

function problem(
  status: number,
  code: string,
  detail: string,
  { commandId, messageId, status: commandStatus }: CommandResult,
): Problem {
  return new Problem(status, code, detail, { commandId, messageId, commandStatus });
}
