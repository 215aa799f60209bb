export { type Infrastructure, type InfrastructureOptions, openInfrastructure } from './infrastructure.ts';
export { type DaemonParts, type RunningService, runDaemon } from './run-daemon.ts';
export type { ServiceName } from './services.ts';
