import { StorageUnavailable } from './database.ts';

/** Two transactions were in each other's way, and one was rolled back: the same work can be done again at once. */
export class TransactionConflict extends StorageUnavailable {}

/** For those who repeat a `write` themselves (`repeatable: false`). */
export function isConflict(error: unknown): boolean {
  return error instanceof TransactionConflict;
}
