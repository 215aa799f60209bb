import { Problem } from '@ocpp-csms/http';
import { actionInfo, actionsOf, loadValidator, type OcppVersion } from '@ocpp-csms/ocpp';

/** Throws a `Problem` unless a CSMS may send this payload to a charge point of this version: 404, 400. */
export async function checkCommand(version: OcppVersion, action: string, payload: unknown): Promise<'call' | 'send'> {
  const info = actionInfo(version, action);
  if (!info) {
    throw new Problem(404, 'unknown-action', `${version} has no action ${action.slice(0, 60)}.`, {
      actions: sendableActions(version),
    });
  }
  if (info.from === 'charge-point') {
    throw new Problem(400, 'not-a-command', `${action} is sent by charge points, not by a CSMS.`, {
      actions: sendableActions(version),
    });
  }
  const validator = await loadValidator(version);
  const violations = validator.checkRequest(action, payload);
  if (violations.length === 0) return info.kind;
  const errors = violations.map(({ path, message }) => ({ path: `body${path}`, message }));
  throw new Problem(400, 'invalid-payload', `This is not a valid ${action} of ${version}: ${violations[0]?.message}.`, {
    errors,
  });
}

/** The names of all actions that a CSMS may send in this version. */
export function sendableActions(version: OcppVersion): string[] {
  return actionsOf(version)
    .filter(({ from }) => from !== 'charge-point')
    .map(({ action }) => action);
}

/** What must not happen later, when nobody waits for it any more: refused at once while the charge point is offline. */
const notLater = new Set([
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'RequestStartTransaction',
  'RequestStopTransaction',
  'ReserveNow',
  'Reset',
  'UnlockConnector',
  'TriggerMessage',
  'ExtendedTriggerMessage',
]);

export const mayWait = (action: string): boolean => !notLater.has(action);

const remoteStartAndStop = new Set([
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'RequestStartTransaction',
  'RequestStopTransaction',
]);

/** Throws a 409 `Problem` for what the registration forbids (1.6 §4.2, B02.FR.05, B03.FR.03). */
export function checkRegistration(registration: string, action: string): void {
  if (registration === 'Rejected') {
    throw new Problem(
      409,
      'registration-rejected',
      'This charge point is registered as Rejected: nothing may be sent to it (B03.FR.03). Set its registration to Accepted first.',
    );
  }
  if (registration === 'Pending' && remoteStartAndStop.has(action)) {
    throw new Problem(
      409,
      'registration-pending',
      `This charge point is registered as Pending: no remote start or stop until it is Accepted (1.6 §4.2, B02.FR.05).`,
    );
  }
}
