import { deviceManagerTransfer } from '@ocpp-csms/device-manager';
import { parkingTransfer } from '@ocpp-csms/parking';
import { sessionTransfer } from '@ocpp-csms/session';
import type { TransferPlan } from '@ocpp-csms/storage';
import { type PartName, partNames } from './part-names.ts';

export type TablePart = Exclude<PartName, 'messages'>;

/** `messages` has no tables: the store of the log may be another one on the other side. */
export const plans: Readonly<Record<TablePart, TransferPlan>> = {
  session: sessionTransfer,
  'device-manager': deviceManagerTransfer,
  parked: parkingTransfer,
};

/** What a line of the file names as `service`, for messages. */
export const messageService = 'message-manager';

/** The database of message-manager, where the log is in one. */
export const messageDatabase = 'message-manager';

export const isTablePart = (part: PartName): part is TablePart => part !== 'messages';

export const serviceOf = (part: PartName): string => (isTablePart(part) ? plans[part].database : messageService);

/** The part of a line. */
export const partOf = (service: string): PartName | undefined => partNames.find((part) => serviceOf(part) === service);
