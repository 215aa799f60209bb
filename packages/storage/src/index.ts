export * from './database.ts';
export { type DatabaseSettings, databaseOptions } from './database-options.ts';
export { openDatabase } from './open-database.ts';
export { SqlError } from './storage-errors.ts';
