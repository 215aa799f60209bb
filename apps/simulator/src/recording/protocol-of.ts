import { loadValidator, type OcppVersion, ocppVersions } from '@ocpp-csms/ocpp';
import type { LogEntry } from './log-entry.ts';

/** What the log says; otherwise the version that most CALLs are valid in, of several the oldest. */
export async function protocolOf(entries: readonly LogEntry[]): Promise<OcppVersion> {
  const told = entries.find(({ protocol }) => protocol !== undefined)?.protocol;
  if (told !== undefined) return told;
  const counts = await Promise.all(ocppVersions.map((version) => validCalls(entries, version)));
  const most = Math.max(...counts);
  return ocppVersions[counts.indexOf(most)] ?? 'ocpp1.6';
}

async function validCalls(entries: readonly LogEntry[], version: OcppVersion): Promise<number> {
  const { checkRequest } = await loadValidator(version);
  return entries.filter(
    ({ frame }) => (frame.type === 2 || frame.type === 6) && checkRequest(frame.action, frame.payload).length === 0,
  ).length;
}
