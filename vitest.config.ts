import { defineConfig } from 'vitest/config';
import { postgresMissing } from './packages/storage/src/test-support/test-place.ts';

/** What is tested on PostgreSQL as well as on SQLite. */
const onBothEngines = ['packages/parking/src/**/*.test.ts', 'services/{session,device-manager}/src/**/*.test.ts'];

/** Unit tests live beside the code; whole-system tests live in `e2e/` and run one file at a time (they start real servers). */
export default defineConfig(async () => ({
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
          pool: 'forks' as const,
          // As below: loading takes a quarter of the time. A test that changes what is global sets it right again.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      ...(await onPostgres()),
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          pool: 'forks' as const,
          // Loading the system for each file again costs more than half of the time; the files share nothing that changes.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
}));

async function onPostgres() {
  const missing = await postgresMissing();
  if (missing !== undefined) {
    process.stderr.write(`\nNOT TESTED on PostgreSQL: ${missing}\n\n`);
    return [];
  }
  return [
    {
      test: {
        name: 'postgresql',
        include: onBothEngines,
        env: { CSMS_TEST_DATABASE: 'postgresql' },
        pool: 'forks' as const,
        isolate: false,
        testTimeout: 20_000,
      },
    },
  ];
}
