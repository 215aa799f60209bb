export { type CsmsServer, type CsmsServerOptions, createCsmsServer } from './service.ts';
