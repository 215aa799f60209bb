export { boundedKey } from './bounded-key.ts';
export * from './database.ts';
export { type DatabaseSettings, databaseOptions } from './database-options.ts';
export { isConflict } from './is-conflict.ts';
export { openDatabase } from './open-database.ts';
export { tryLock } from './postgres-locks.ts';
export { type Constraint, SqlError } from './storage-errors.ts';
export type { TransferPlan, TransferTable, WhenThere } from './transfer-plan.ts';
export { usedElsewhere } from './used-elsewhere.ts';
