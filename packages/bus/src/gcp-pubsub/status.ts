import { reasonOf } from '../delivery/reasons.ts';

/** Numbers of google.rpc.Code that decide what is done. */
export const STATUS = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined;
}

/** In words for the operator, with what can be done where that is known. */
export function wordsOf(error: unknown): string {
  const reason = reasonOf(error);
  const status = statusOf(error);
  if (status === STATUS.permissionDenied) {
    return `${reason}. Grant the service account roles/pubsub.editor, or make topics and subscriptions for it (docs/operations/gcp-pubsub.md)`;
  }
  if (status === STATUS.unauthenticated)
    return `${reason}. Are the credentials those of this project, and still valid?`;
  if (status === STATUS.notFound) return `${reason}. Was it deleted, or is gcpPubsub.projectId wrong?`;
  return reason;
}
