import type { TransferPlan } from '@ocpp-csms/storage';
import { migrations } from './migrations.ts';

/** What moves with an export: parked messages, where the bus has no dead-letter queue of its own. */
export const parkingTransfer: TransferPlan = {
  database: 'bus',
  migrations,
  tables: [{ name: 'parked', key: ['id', 'group_name'] }],
  leftOut: {},
};
