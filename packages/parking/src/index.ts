export { createParkingStore, type OpenParking } from './parking-store.ts';
export { parkingTransfer } from './transfer.ts';
