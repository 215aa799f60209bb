/** What every server under test tells the bench over IPC. */
export interface ServerReport {
  /** CPU of the whole process, all threads, in seconds. */
  cpuSeconds: number;
  /** Resident memory after a collection, in bytes. */
  rss: number;
}

/** Announces the port, then answers every IPC message with a report; `collect` runs a collection first. */
export function announce(port: number): void {
  process.on('message', (wish: { collect: boolean }) => {
    if (wish.collect) globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuSeconds: (user + system) / 1e6, rss: process.memoryUsage.rss() } satisfies ServerReport);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}
