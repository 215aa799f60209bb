import type { TestProject } from 'vitest/node';
import { readAdminKey } from './admin-key.ts';
import { startDaemons } from './daemons.ts';
import { enginesOf, type Shape } from './shapes.ts';

/** Starts the processes of a shape once for all of its test files; what it returns ends them. */
export async function startShape(shape: Shape, { provide }: TestProject): Promise<() => Promise<void>> {
  // What one of the files wants; the others do not mind.
  const settings = { csmsServer: { heartbeatIntervalSeconds: 1 } };
  const daemons = await startDaemons(await enginesOf(shape), settings);
  const ports = daemons.nodes.map((node) => daemons.daemon('csms-server', node).port);
  provide('csms', { ports, dataDir: daemons.dataDir, adminKey: await readAdminKey(daemons.dataDir) });
  return () => daemons.stop();
}
