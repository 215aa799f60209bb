import { afterAll, beforeAll, inject } from 'vitest';
import { attach } from './attached-csms.ts';
import { type StartOptions, startCsms } from './csms.ts';
import type { Csms } from './running-csms.ts';

/** One system for all tests of a file, or of all files when its processes are many; each test brings charge points and tokens of its own. */
export function shareCsms(options: StartOptions = {}): Csms {
  const startedElsewhere = inject('csms');
  if (startedElsewhere !== undefined) return attach(startedElsewhere);
  let running: Csms | undefined;
  beforeAll(async () => {
    running = await startCsms(options);
  });
  afterAll(async () => {
    await running?.stop();
  });
  return new Proxy({} as Csms, {
    get: (_target, member) => {
      if (running === undefined) throw new Error('the system runs from beforeAll on');
      return Reflect.get(running, member);
    },
  });
}
