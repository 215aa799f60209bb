import type { TransferPlan } from '@ocpp-csms/storage';
import { migrations } from './migrations/index.ts';

/**
 * What moves with an export. The key and the sequence of the transaction ids come first: without either of them ids
 * that charge points have would be given again (field-faults row 40).
 */
export const sessionTransfer: TransferPlan = {
  database: 'session',
  migrations,
  tables: [
    {
      name: 'installation',
      key: ['name'],
      startsFilled: true,
      whenThere: {
        keep: 'same',
        replacedWhileEmpty: 'sequence',
        refusal:
          'it belongs to another installation and has given transaction ids by a key of its own: with transactions of both, ids would be given twice',
      },
    },
    { name: 'sequence', key: ['name'], whenThere: { keep: 'highest', column: 'value' } },
    // A message that the bus delivers again after the move finds the answer that it was given before.
    { name: 'outcome', key: ['envelope_id'] },
    { name: 'charge_point', key: ['client'] },
    { name: 'id_token', key: ['token_key'] },
    { name: 'unknown_token', key: ['token_key'] },
    { name: 'authorization_log', key: ['id'] },
    { name: 'charging_transaction', key: ['id'] },
    { name: 'transaction_event', key: ['client', 'transaction_id', 'seq_no', 'event_type', 'timestamp_raw'] },
    { name: 'orphan_message', key: ['id'] },
    { name: 'evidence', key: ['subject_id', 'envelope_id'] },
    { name: 'meter_value', key: ['id'] },
    { name: 'remote_start', key: ['call_id'] },
    { name: 'reservation', key: ['client', 'reservation_id'] },
    { name: 'local_list', key: ['client'] },
  ],
  leftOut: {},
};
