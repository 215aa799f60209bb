import { afterAll, beforeAll } from 'vitest';
import { type StartOptions, startCsms } from './csms.ts';
import type { Csms } from './running-csms.ts';

/** One system for all tests of a file; each test brings charge points and tokens of its own. */
export function shareCsms(options: StartOptions = {}): Csms {
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
