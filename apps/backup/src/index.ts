export { type RestoreOptions, restoreBackup } from './restore-backup.ts';
export { type BackupOptions, takeBackup } from './take-backup.ts';
