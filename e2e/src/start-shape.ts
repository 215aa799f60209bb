import type { TestProject } from 'vitest/node';
import { readAdminKey } from './admin-key.ts';
import { startDaemons } from './daemons.ts';
import { enginesOf, type ShapeOfMany } from './shapes.ts';

/** Starts the processes of a shape once for all of its test files; what it returns ends them. */
export async function startShape(shape: ShapeOfMany, { provide }: TestProject): Promise<() => Promise<void>> {
  // What one of the files wants; the others do not mind.
  const settings = { csmsServer: { heartbeatIntervalSeconds: 1 } };
  const daemons = await startDaemons(await enginesOf(shape), { settings });
  const ports = daemons.nodes.map((node) => daemons.daemon('csms-server', node).port);
  provide('csms', { shape, ports, dataDir: daemons.dataDir, adminKey: await readAdminKey(daemons.dataDir) });
  return () => daemons.stop();
}
