import type { RegistrationStatus } from '@ocpp-csms/cache';
import { isJsonObject } from '@ocpp-csms/ocpp';
import type { Connection } from './connection.ts';

const remoteStartOrStop = new Set([
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'RequestStartTransaction',
  'RequestStopTransaction',
]);

/** Why a CALL may not be sent, in words; undefined: it may. 1.6 §4.2, B02.FR.05, B03.FR.03. */
export function forbidden(registration: RegistrationStatus, action: string): string | undefined {
  if (registration === 'Rejected') return 'The charge point is rejected: nothing is sent to it';
  if (registration === 'Pending' && remoteStartOrStop.has(action)) {
    return 'The charge point is pending: it must be accepted before a remote start or stop';
  }
  return undefined;
}

/** J16 errata 3.10, B01.FR.10, B02.FR.09, B03.FR.07: before it is accepted, only the boot and what we asked for. */
export function mayCall(connection: Connection, action: string): boolean {
  if (connection.registration === 'Accepted' || action === 'BootNotification') return true;
  return connection.registration === 'Pending' && connection.triggered?.has(action) === true;
}

/** Remembers what a CALL of ours makes the charge point send. */
export function noteTriggered(connection: Connection, action: string, payload: unknown): void {
  if (connection.registration === 'Accepted') return;
  const triggered = triggeredBy(action, payload);
  if (triggered === undefined) return;
  connection.triggered ??= new Set();
  connection.triggered.add(triggered);
}

function triggeredBy(action: string, payload: unknown): string | undefined {
  switch (action) {
    case 'GetBaseReport':
    case 'GetReport':
      return 'NotifyReport';
    case 'TriggerMessage':
    case 'ExtendedTriggerMessage': {
      const requested = isJsonObject(payload) ? payload.requestedMessage : undefined;
      if (typeof requested !== 'string') return undefined;
      return /^Sign\w*Certificate$/.test(requested) ? 'SignCertificate' : requested;
    }
    default:
      return undefined;
  }
}
