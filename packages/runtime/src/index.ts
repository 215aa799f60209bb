export { type Clock, systemClock } from './clock.ts';
export { describeError, describeSystemError, exitWith, StartupError } from './errors.ts';
export { createLog, type Log, type LogOptions, type LogSettings } from './log.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { nodeName } from './node-name.ts';
export { createRotatingFile, type RotatingFile, type RotatingFileOptions } from './rotating-file.ts';
export { installShutdown, type ShutdownOptions } from './shutdown.ts';
export type { TextSink } from './standard-output.ts';
export { version } from './version.ts';
