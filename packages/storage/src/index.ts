export * from './database.ts';
export { openDatabase } from './open-database.ts';
