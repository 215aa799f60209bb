import { BusError } from '@ocpp-csms/bus';
import type { CallChargePoint, CommandRequest, CommandResult } from '@ocpp-csms/calls';
import { Problem } from '@ocpp-csms/http';

/** A CALL that the charge point answered with a CALLRESULT. Everything else is a `Problem` that says what became of it. */
export async function callOrProblem(call: CallChargePoint, request: CommandRequest): Promise<CommandResult> {
  const result = await call(request).catch(refuse);
  const { status, commandId, error } = result;
  if (status === 'answered') return result;
  if (status === 'rejected') {
    throw new Problem(409, 'command-rejected', error?.description || error?.code || 'The command was refused.', {
      commandId,
    });
  }
  throw new Problem(504, 'command-unanswered', `The charge point did not answer in time (${status}).`, { commandId });
}

function refuse(error: unknown): never {
  if (!(error instanceof BusError)) throw error;
  if (error.code === 'NobodyThere') {
    throw new Problem(503, 'device-manager-away', 'Commands cannot be sent: device-manager does not answer.');
  }
  if (error.code === 'Refused') throw new Problem(409, 'command-rejected', error.message);
  throw new Problem(504, 'command-unanswered', 'The charge point did not answer in time.');
}

/** The `status` that nearly every answer of a charge point has; '' without one. */
export function statusIn(response: unknown): string {
  return typeof response === 'object' && response !== null && 'status' in response ? String(response.status) : '';
}
