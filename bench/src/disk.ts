import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from './statistics.ts';

export interface DiskFigures {
  p50Ms: number;
  p99Ms: number;
}

/** What this disk takes to make 4 KiB at the end of a file safe. */
export function measureFsync(directory: string, repeats = 500): DiskFigures {
  const file = join(directory, 'fsync');
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  const took = Array.from({ length: repeats }, () => {
    writeSync(descriptor, page);
    const startedAt = performance.now();
    fdatasyncSync(descriptor);
    return performance.now() - startedAt;
  });
  closeSync(descriptor);
  rmSync(file);
  return { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) };
}
