import { parseArgs } from 'node:util';
import { exitWith } from '@ocpp-csms/runtime';
import { prepare } from './prepare.ts';

/** Called by deploy/container/start: node apps/container/src/main.ts --directory /run/ocpp-csms [--config FILE] */
const { values } = parseArgs({ options: { config: { type: 'string' }, directory: { type: 'string' } } });
try {
  if (values.directory === undefined) throw new Error('Usage: --directory FOLDER [--config FILE]');
  prepare({ file: values.config, env: process.env, directory: values.directory });
} catch (error) {
  exitWith(error);
}
