import type { ParkedMessage, ParkingStore } from '@ocpp-csms/bus';

export function parkingInMemory(): ParkingStore {
  const parked = new Map<string, ParkedMessage>();
  const keyOf = (group: string, id: string) => `${id} ${group}`;
  return {
    add: async (message: ParkedMessage) => void parked.set(keyOf(message.group, message.id), message),
    list: async ({ limit, after = '' }: { limit: number; after?: string }) =>
      [...parked.values()].filter(({ id }) => id > after).slice(0, limit),
    get: async (group: string, id: string) => parked.get(keyOf(group, id)),
    remove: async (group: string, id: string) => void parked.delete(keyOf(group, id)),
    count: async () => parked.size,
  };
}
