import type { Migration } from '@ocpp-csms/storage';
import { createTables } from './0001-ledger.ts';

export const migrations: readonly Migration[] = [createTables];
