export * from './bus.ts';
export * from './envelope.ts';
export * from './id.ts';
export { createMemoryBus, type MemoryBusOptions } from './memory/memory-bus.ts';
export { createMemoryParking } from './memory/memory-parking.ts';
export type { BusLog, BusOptions } from './options.ts';
