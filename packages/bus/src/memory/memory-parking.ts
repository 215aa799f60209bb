import { type ParkedMessage, type ParkingStore, parkedPosition } from '../bus.ts';

/** Keeps parked messages in memory: for tests. They do not outlive the process. */
export function createMemoryParking(): ParkingStore {
  const messages = new Map<string, ParkedMessage>();
  const keyOf = (group: string, id: string) => JSON.stringify([group, id]);
  return {
    async add(message) {
      messages.set(keyOf(message.group, message.id), structuredClone(message));
    },
    async list({ limit, after }) {
      const ordered = [...messages.values()].sort((one, other) =>
        parkedPosition(one) < parkedPosition(other) ? -1 : 1,
      );
      return ordered.filter((message) => after === undefined || parkedPosition(message) > after).slice(0, limit);
    },
    get: async (group, id) => messages.get(keyOf(group, id)),
    async remove(group, id) {
      messages.delete(keyOf(group, id));
    },
    count: async () => messages.size,
  };
}
