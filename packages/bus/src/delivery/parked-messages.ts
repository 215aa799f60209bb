import { BusError, type Parked, type ParkedMessage, type ParkingStore } from '../bus.ts';

/** The operators' side of a parking store. `handAgain` resolves when the group has handled the message. */
export function createParked(parking: ParkingStore, handAgain: (message: ParkedMessage) => Promise<void>): Parked {
  const driving = new Set<string>();

  async function known(group: string, id: string): Promise<ParkedMessage> {
    const message = await parking.get(group, id);
    if (!message) throw new BusError('NotFound', `${group} has no parked message ${id}`);
    return message;
  }

  return {
    list: (options) => parking.list(options),
    count: () => parking.count(),
    async drive(group, id) {
      const key = `${group}/${id}`;
      if (driving.has(key)) throw new BusError('Refused', `${id} is being handed to ${group} already`);
      driving.add(key);
      try {
        await handAgain(await known(group, id));
        await parking.remove(group, id);
      } finally {
        driving.delete(key);
      }
    },
    async discard(group, id) {
      await known(group, id);
      await parking.remove(group, id);
    },
  };
}
