export { createParkingStore, type OpenParking } from './parking-store.ts';
