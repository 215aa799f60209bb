import type { TransferPlan } from '@ocpp-csms/storage';
import { migrations } from './migrations/index.ts';

/** What moves with an export. */
export const deviceManagerTransfer: TransferPlan = {
  database: 'device-manager',
  migrations,
  tables: [
    // Revisions of auth records only rise: a cache that outlives the move would keep what has a higher one.
    { name: 'counter', key: ['name'], startsFilled: true, whenThere: { keep: 'highest', column: 'value' } },
    { name: 'outcome', key: ['envelope_id'] },
    { name: 'template', key: ['template_id'] },
    { name: 'charge_point', key: ['charge_point_id'] },
    { name: 'refused_connection', key: ['network_id'] },
    { name: 'boot', key: ['boot_id'] },
    { name: 'connector', key: ['network_id', 'evse_id', 'connector_id'] },
    { name: 'availability_wish', key: ['network_id', 'evse_id', 'connector_id'] },
    { name: 'configuration', key: ['network_id', 'name'] },
    { name: 'network_profile', key: ['network_id', 'slot'] },
    { name: 'command', key: ['command_id'] },
    { name: 'template_job', key: ['network_id'] },
    { name: 'template_write', key: ['network_id', 'firmware_version', 'name'] },
    { name: 'status_job', key: ['job_id'] },
    { name: 'data_transfer', key: ['data_transfer_id'] },
    { name: 'security_event', key: ['security_event_id'] },
    { name: 'certificate', key: ['network_id', 'certificate_key'] },
    { name: 'charging_profile', key: ['network_id', 'profile_id'] },
    { name: 'system_setting', key: ['name'] },
  ],
  leftOut: {
    auth_outbox: 'what waits for the cache; at its start the service compares the cache with the charge points',
  },
};
