/** What `--only` names, in the order in which it is written. */
export const partNames = ['session', 'device-manager', 'parked', 'messages'] as const;
export type PartName = (typeof partNames)[number];
