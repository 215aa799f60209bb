export { nameNodeOnCloudRun, warnOnCloudRun } from './cloud-run.ts';
export { consoleFolder } from './console-folder.ts';
export { type Infrastructure, type InfrastructureOptions, openInfrastructure } from './infrastructure.ts';
export { type InspectOptions, inspectBus, inspectCache } from './inspect.ts';
export { type DaemonParts, type RunningService, runDaemon } from './run-daemon.ts';
export type { ServiceName } from './services.ts';
