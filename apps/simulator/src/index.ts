export { simulate } from './charge-point.ts';
export { type Quirk, quirks } from './quirks.ts';
export * from './simulation.ts';
