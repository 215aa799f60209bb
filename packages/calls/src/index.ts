export * from './answer.ts';
export * from './call-charge-point.ts';
export * from './call-consumer.ts';
export * from './handler.ts';
