import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

/** What package.sh has made. */
export interface Release {
  version: string;
  /** ocpp_csms-VERSION.tgz */
  archive: string;
  /** The package of npm. */
  npmPackage: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    release: Release;
  }
}

export const repository = join(import.meta.dirname, '..', '..');
/** No release has it, so that a test cannot find another one by mistake. */
const version = '0.0.0-test';

/** Runs package.sh once for all files. */
export default async function makeRelease({ provide }: TestProject): Promise<void> {
  const started = performance.now();
  await promisify(execFile)(join(repository, 'package.sh'), [], { cwd: repository, env: { ...process.env, version } });
  process.stderr.write(`package.sh: ${Math.round((performance.now() - started) / 1000)} s\n`);
  provide('release', {
    version,
    archive: join(repository, `ocpp_csms-${version}.tgz`),
    npmPackage: join(repository, 'build', `ocpp-csms-${version}.tgz`),
  });
}
