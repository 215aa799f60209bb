export * from './api.ts';
export * from './charge-point.ts';
export * from './client.ts';
export { defaultAnswer } from './default-answers.ts';
export * from './inbox.ts';
export type { AnsweredCall } from './pending-calls.ts';
export * from './rpc-charge-point.ts';
export * from './schema-oracle.ts';
export * from './until.ts';
