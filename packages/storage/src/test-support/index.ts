export * from './postgres-server.ts';
export * from './test-place.ts';
