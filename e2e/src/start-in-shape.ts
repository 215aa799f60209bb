import { inject } from 'vitest';
import { type StartOptions, startCsms } from './csms.ts';
import { startDaemons } from './daemons.ts';
import type { Csms } from './running-csms.ts';
import { enginesOf } from './shapes.ts';

/** A system of the test's own, in the shape that its project is about; for what needs settings of its own, or a restart. */
export async function startInShape(options: StartOptions = {}): Promise<Csms> {
  const shape = inject('csms')?.shape ?? 'one';
  if (shape === 'one') return startCsms(options);
  return startDaemons(await enginesOf(shape), { settings: options.settings ?? {} });
}
