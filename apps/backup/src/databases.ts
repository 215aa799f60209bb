import { deviceManagerTransfer } from '@ocpp-csms/device-manager';
import { messageLogMigrations } from '@ocpp-csms/message-manager';
import { parkingTransfer } from '@ocpp-csms/parking';
import { sessionTransfer } from '@ocpp-csms/session';
import type { Migration } from '@ocpp-csms/storage';

export interface KnownDatabase {
  /** `<name>.sqlite` */
  name: string;
  migrations: readonly Migration[];
}

/**
 * In the order in which they are copied: what names others before what it names. The ledger names charge points, parked
 * messages name both, and all of them name messages of the log; each copy is newer than the one before, so that nothing
 * in a backup names what is missing in it.
 */
export const databases: readonly KnownDatabase[] = [
  { name: sessionTransfer.database, migrations: sessionTransfer.migrations },
  { name: parkingTransfer.database, migrations: parkingTransfer.migrations },
  { name: deviceManagerTransfer.database, migrations: deviceManagerTransfer.migrations },
  { name: 'message-manager', migrations: messageLogMigrations },
];

/** Who calls the API with what: the only other file of the data folder that cannot be made again. */
export const adminKeyFile = 'admin.key';

export const fileOf = ({ name }: Pick<KnownDatabase, 'name'>): string => `${name}.sqlite`;
