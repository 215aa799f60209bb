export * from './database.ts';
export { openDatabase } from './open-database.ts';
export { SqlError } from './storage-errors.ts';
