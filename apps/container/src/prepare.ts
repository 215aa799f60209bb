import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@ocpp-csms/config';
import { environmentOf } from './environment.ts';
import { nginxConfig } from './nginx-config.ts';
import { openFilesLimit } from './open-files.ts';

export interface PrepareOptions {
  /** The settings; undefined: where they are by default. */
  file: string | undefined;
  env: NodeJS.ProcessEnv;
  /** Where the container may write what is of no use after it. */
  directory: string;
}

/** One process passes on several thousand messages a second: more than the services behind it. */
const mostProcesses = 2;

/** Writes what nginx and the services of a container are started with. Throws with what is wrong with the settings. */
export function prepare({ file, env, directory }: PrepareOptions): void {
  const { settings } = loadSettings({ file, env, cwd: process.cwd() });
  const nginx = join(directory, 'nginx');
  mkdirSync(nginx, { recursive: true });
  const processes = Math.min(availableParallelism(), mostProcesses);
  const config = nginxConfig({ settings, directory: nginx, processes, openFiles: openFilesLimit() });
  writeFileSync(join(nginx, 'nginx.conf'), config);

  // As s6-envdir reads it: a file for each variable.
  const environment = join(directory, 'environment');
  mkdirSync(environment, { recursive: true });
  for (const [name, value] of Object.entries(environmentOf(settings))) writeFileSync(join(environment, name), value);
  writeFileSync(join(directory, 'port'), `${settings.http.port}\n`);
}
