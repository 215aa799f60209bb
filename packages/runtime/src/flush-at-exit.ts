const flushes = new Set<() => void>();

process.on('exit', () => {
  for (const flush of flushes) {
    try {
      flush();
    } catch {
      // The process ends and nobody is left to be told.
    }
  }
});

/** Calls `flush` when the process exits, after a crash too. Returns what takes it back. */
export function flushAtExit(flush: () => void): () => void {
  flushes.add(flush);
  return () => flushes.delete(flush);
}
