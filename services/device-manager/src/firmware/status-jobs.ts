import type { DeviceContext } from '../context.ts';
import type { StatusJobTable } from '../schema.ts';

export type JobKind = 'firmware' | 'diagnostics' | 'log';

export interface JobStart {
  networkId: string;
  kind: JobKind;
  action: string;
  /** The command; also the id of the job. */
  commandId: string | undefined;
  requestId?: number;
  /** What the charge point answered, or `Requested` where the answer says nothing. */
  status: string;
  /** What was asked for, in words that hold no secret. */
  detail: Record<string, unknown>;
}

/** Answers after which nothing more is to be expected. */
const refusals = new Set(['Rejected', 'InvalidCertificate', 'RevokedCertificate']);
const ends = new Set([
  'Installed',
  'InstallationFailed',
  'DownloadFailed',
  'InvalidSignature',
  'InstallVerificationFailed',
  'Uploaded',
  'UploadFailed',
  'UploadFailure',
  'BadMessage',
  'NotSupportedOperation',
  'PermissionDenied',
  'AcceptedCanceled',
]);
const longestHistory = 50;

interface HistoryEntry {
  status: string;
  at: string;
  /** The `id` of the message. */
  messageId: string;
}

/** The charge point has answered the request. `AcceptedCanceled`: what went on before is over (L01.FR.24, N01.FR.12). */
export async function startJob(
  { networkId, kind, action, commandId, requestId, status, detail }: JobStart,
  context: DeviceContext,
): Promise<void> {
  if (commandId === undefined) return;
  const { tx, clock } = context;
  const now = clock.now().toISOString();
  const replaces = status === 'AcceptedCanceled';
  if (replaces) {
    await tx
      .updateTable('status_job')
      .set({ status: 'Canceled', updated_at: now, finished_at: now })
      .where('network_id', '=', networkId)
      .where('kind', '=', kind)
      .where('finished_at', 'is', null)
      .execute();
  }
  await tx
    .insertInto('status_job')
    .values({
      job_id: commandId,
      network_id: networkId,
      kind,
      action,
      request_id: requestId ?? null,
      status,
      history: JSON.stringify([{ status, at: now, messageId: commandId }] satisfies HistoryEntry[]),
      detail: JSON.stringify(detail),
      requested_at: now,
      updated_at: now,
      finished_at: refusals.has(status) ? now : null,
    })
    .onConflict((on) => on.doNothing())
    .execute();
}

export interface JobStatus {
  networkId: string;
  kind: JobKind;
  requestId?: number | undefined;
  status: string;
  at: string;
  messageId: string;
}

/** One step of a job. A step that belongs to no request of ours (somebody stands at the charge point) makes a job of its own. */
export async function noteJobStatus(step: JobStatus, context: DeviceContext): Promise<void> {
  const job = await jobFor(step, context);
  if (job) return advance(job, step, context);
  // Nothing goes on, says the charge point, and nothing does.
  if (step.status === 'Idle') return;
  await context.tx
    .insertInto('status_job')
    .values({
      job_id: step.messageId,
      network_id: step.networkId,
      kind: step.kind,
      action: null,
      request_id: step.requestId ?? null,
      status: step.status,
      history: JSON.stringify([entryOf(step)]),
      detail: '{}',
      requested_at: step.at,
      updated_at: step.at,
      finished_at: ends.has(step.status) ? step.at : null,
    })
    .onConflict((on) => on.doNothing())
    .execute();
}

/** 1.6 names no request: there the latest that has not ended is meant. */
async function jobFor(
  { networkId, kind, requestId }: JobStatus,
  { tx }: DeviceContext,
): Promise<StatusJobTable | undefined> {
  const jobs = tx
    .selectFrom('status_job')
    .selectAll()
    .where('network_id', '=', networkId)
    .where('kind', '=', kind)
    .orderBy('job_id', 'desc')
    .limit(1);
  return requestId === undefined
    ? jobs.where('finished_at', 'is', null).executeTakeFirst()
    : jobs.where('request_id', '=', requestId).executeTakeFirst();
}

async function advance(job: StatusJobTable, step: JobStatus, { tx }: DeviceContext): Promise<void> {
  const history: HistoryEntry[] = JSON.parse(job.history);
  if (history.some(({ messageId }) => messageId === step.messageId) || step.status === 'Idle') return;
  history.push(entryOf(step));
  await tx
    .updateTable('status_job')
    .set({
      status: step.status,
      history: JSON.stringify(history.slice(-longestHistory)),
      updated_at: step.at,
      finished_at: ends.has(step.status) ? step.at : job.finished_at,
    })
    .where('job_id', '=', job.job_id)
    .execute();
}

const entryOf = ({ status, at, messageId }: JobStatus): HistoryEntry => ({ status, at, messageId });
