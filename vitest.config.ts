import { defineConfig } from 'vitest/config';

/** Unit tests live beside the code; whole-system tests live in `e2e/` and run one file at a time (they start real servers). */
export default defineConfig({
  test: {
    // Most of a test's time is waiting for sockets and commits; more than two at once would wait for the CPU.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'services/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'bench/src/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          pool: 'forks',
          // As below: loading takes a quarter of the time. A test that changes what is global sets it right again.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          pool: 'forks',
          // Loading the system for each file again costs more than half of the time; the files share nothing that changes.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
