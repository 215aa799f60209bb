import { isJsonObject } from '@ocpp-csms/ocpp';

/** Everything else that a charge point answers with is a no, or not what was asked for. */
const yes = new Set([
  'Accepted',
  'AcceptedCanceled',
  // 1.6 ChangeAvailability, 2.x ChangeAvailability and Reset: when the transaction has ended.
  'Scheduled',
  // ChangeConfiguration, SetVariables.
  'RebootRequired',
  'Unlocked',
]);

/** Members in which an answer says yes or no, for itself or for one of several things that were asked. */
const statusMembers = ['status', 'attributeStatus'];

/** The words of no in the answer of a charge point. An answer that has no status says yes. */
export function refusalsIn(response: unknown): string[] {
  if (!isJsonObject(response)) return [];
  const parts = [response, ...Object.values(response).flatMap((member) => (Array.isArray(member) ? member : []))];
  return parts.flatMap((part) =>
    statusMembers.flatMap((name) => {
      const status = isJsonObject(part) ? part[name] : undefined;
      return typeof status === 'string' && !yes.has(status) ? [status] : [];
    }),
  );
}
