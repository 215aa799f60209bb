import { systemFlags } from '@ocpp-csms/all-in-one/node-flags';
import { become } from '../become.js';
import type { Context } from '../context.ts';

/** Goes on as a program of the system, as `npm start` would start it. `taken`: how many of the arguments it is not to see. */
export function becomeSystem(main: string, { args, env, calledAs }: Context, taken = 1): Promise<never> {
  return become(process.execPath, [...systemFlags, main, ...args.slice(taken)], {
    // glibc gives every few threads a heap of their own, and each keeps what it once needed (docs/performance.md).
    MALLOC_ARENA_MAX: '2',
    ...env,
    OCPP_CSMS_CALLED_AS: calledAs,
  });
}
