export type { BrokerBusOptions } from './broker/broker-bus.ts';
export * from './bus.ts';
export { type BusDriver, createBus } from './create-bus.ts';
export * from './envelope.ts';
export * from './id.ts';
export { createMemoryBus, type MemoryBusOptions } from './memory/memory-bus.ts';
export { createMemoryParking } from './memory/memory-parking.ts';
export type { NatsOptions } from './nats/nats-options.ts';
export type { BusLog, BusOptions } from './options.ts';
