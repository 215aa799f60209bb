import { resolve } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { hostToAsk } from '../connection/host-to-ask.ts';
import { adminKey } from './admin-key.ts';
import { broker } from './broker.ts';
import { cache } from './cache.ts';
import { type Check, type DoctorContext, type Finding, failed } from './check.ts';
import { clock } from './clock.ts';
import { database } from './database.ts';
import { fileDescriptors } from './file-descriptors.ts';
import { dataFolder, logFolder } from './folders.ts';
import { freeSpace } from './free-space.ts';
import { keyFiles } from './key-files.ts';
import { messageStore } from './message-store.ts';
import { nodeVersion } from './node-version.ts';
import { ports } from './ports.ts';
import { publicUrl } from './public-url.ts';
import { running } from './running.ts';
import { askReadiness, type RunningInstance } from './running-instance.ts';

/** In the order in which they are told. */
export const checks: readonly Check[] = [
  nodeVersion,
  dataFolder,
  freeSpace,
  logFolder,
  fileDescriptors,
  ports,
  database,
  messageStore,
  broker,
  cache,
  clock,
  adminKey,
  keyFiles,
  publicUrl,
  running,
];

export interface ExamineOptions {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  now(): number;
  timeoutMs: number;
}

/** All at once; what each found comes in the order of the list, as soon as it is known. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const context = createContext(options);
  const findings = checks.map((check) => withinTime(check, context));
  for (const finding of findings) yield* await finding;
}

function createContext({ settings, timeoutMs, ...rest }: ExamineOptions): DoctorContext {
  const asked = new Map<number, Promise<RunningInstance | undefined>>();
  const host = hostToAsk(settings.http.host);
  return {
    ...rest,
    settings,
    timeoutMs,
    directory: resolve(settings.data.dir),
    runningAt(port) {
      const known = asked.get(port) ?? askReadiness(`http://${host}:${port}`, timeoutMs);
      asked.set(port, known);
      return known;
    },
  };
}

/** Some of them wait twice or three times for what is outside. */
const stepsOfCheck = 3;

async function withinTime(check: Check, context: DoctorContext): Promise<readonly Finding[]> {
  const limitMs = stepsOfCheck * context.timeoutMs;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`there was no answer within ${limitMs / 1000} s`)), limitMs);
  try {
    return [await Promise.race([check.run(context), late])].flat();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [failed(check.name, 'could not be looked at', reason)];
  } finally {
    clearTimeout(timer);
  }
}
