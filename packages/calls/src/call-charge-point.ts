import type { Bus } from '@ocpp-csms/bus';

/** The subject that device-manager serves: every CALL to a charge point goes through its command log. */
export const commandSubject = 'device-manager.command';

export interface CommandRequest {
  /** networkId or chargePointId. */
  chargePoint: string;
  action: string;
  payload: unknown;
  /** Who wants it, for the audit: the name of a key or of a service. */
  requestedBy: string;
  /** Wait for the charge point's answer at the most so long, in milliseconds. */
  timeoutMs?: number;
}

export type CommandStatus = 'queued' | 'sent' | 'answered' | 'rejected' | 'timed-out' | 'unknown' | 'expired';

export interface CommandResult {
  commandId: string;
  messageId: string;
  /** `answered`: a CALLRESULT, in `response`. `rejected`: a CALLERROR, or refused before it was written; `error` says why. */
  status: CommandStatus;
  response?: unknown;
  error?: { code: string; description: string };
}

export type CallChargePoint = (request: CommandRequest) => Promise<CommandResult>;

/** Calls a charge point by way of device-manager. Rejects with `BusError` when nobody serves commands or the time is over. */
export function callChargePointOver(bus: Bus): CallChargePoint {
  return async (request) => {
    const timeoutMs = (request.timeoutMs ?? 45_000) + 1000;
    return (await bus.request(commandSubject, request, { timeoutMs })) as CommandResult;
  };
}
