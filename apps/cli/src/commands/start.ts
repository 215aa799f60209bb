import { fileURLToPath } from 'node:url';
import { startCommand } from '@ocpp-csms/all-in-one/command';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { becomeSystem } from './become-system.ts';

/** Checks what was said, and becomes the system. */
export function start(context: Context): Command {
  return startCommand(`${context.calledAs} start`, 'start').action(() =>
    becomeSystem(fileURLToPath(import.meta.resolve('@ocpp-csms/all-in-one/main')), context),
  );
}
