/** What every server under test tells the bench over IPC. */
import { writeFileSync } from 'node:fs';

export type ServerOrder =
  /** `collect` runs a collection first. */
  { kind: 'report'; collect: boolean } | { kind: 'profile' } | { kind: 'end-profile'; file: string };

export interface ServerReport {
  /** CPU of the whole process, all threads, in seconds. */
  cpuSeconds: number;
  /** Resident memory, in bytes. */
  rss: number;
}

/** Announces the port, then carries out the bench's orders; each is answered with a report. Ends with the bench. */
export function announce(port: number): void {
  let endProfile: ((file: string) => Promise<void>) | undefined;
  process.on('message', async (order: ServerOrder) => {
    if (order.kind === 'profile') endProfile = await startProfile();
    if (order.kind === 'end-profile') await endProfile?.(order.file);
    process.send?.(report(order.kind === 'report' && order.collect));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}

function report(collect: boolean): ServerReport {
  if (collect) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, rss: process.memoryUsage.rss() };
}

/** Of the main thread. */
async function startProfile(): Promise<(file: string) => Promise<void>> {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  return async (file) => {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(file, JSON.stringify(profile));
    session.disconnect();
  };
}
