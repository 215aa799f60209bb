import { afterAll, beforeAll, inject } from 'vitest';
import { attach } from './attached-csms.ts';
import type { StartOptions } from './csms.ts';
import type { Csms } from './running-csms.ts';
import { startInShape } from './start-in-shape.ts';

/**
 * One system for all tests of a file; of all files when its processes are many and the tests want no settings of their
 * own. Each test brings charge points and tokens of its own.
 */
export function shareCsms(options: StartOptions = {}): Csms {
  const startedElsewhere = inject('csms');
  if (startedElsewhere !== undefined && options.settings === undefined) return attach(startedElsewhere);
  let running: Csms | undefined;
  beforeAll(async () => {
    running = await startInShape(options);
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
