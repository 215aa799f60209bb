import { configDefaults, defineConfig } from 'vitest/config';
import { type Shape, shapeMissing } from './e2e/src/shapes.ts';
import { postgresMissing } from './packages/storage/src/test-support/test-place.ts';

/** What SQLite does not have: several processes that write at once, a server that goes away. */
const onPostgresAlone = '**/*.postgresql.test.ts';
/** What is tested on PostgreSQL as well as on SQLite. */
const onBothEngines = [
  'packages/parking/src/**/*.test.ts',
  'services/{session,device-manager}/src/**/*.test.ts',
  'services/message-manager/src/{,block-log/}*.test.ts',
];

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
          exclude: [...configDefaults.exclude, onPostgresAlone],
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
      ...(await inShape('zeromq')),
      ...(await inShape('nodes')),
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
        env: { TEST_DATABASE: 'postgresql' },
        pool: 'forks' as const,
        isolate: false,
        // The server works on the same cores.
        testTimeout: 60_000,
      },
    },
  ];
}

/** What is tested in the other shapes as well: all that needs no settings of its own. */
const inEveryShape = ['e2e/ocpp1.6/*.test.ts', 'e2e/ocpp2/*.test.ts', 'e2e/field-faults/transactions.test.ts'];

async function inShape(shape: Shape) {
  const missing = await shapeMissing(shape);
  if (missing !== undefined) {
    process.stderr.write(`\nNOT TESTED with several processes (${shape}): ${missing}\n\n`);
    return [];
  }
  return [
    {
      test: {
        name: shape,
        include: inEveryShape,
        globalSetup: `e2e/src/start-${shape}.ts`,
        pool: 'forks' as const,
        isolate: false,
        testTimeout: 60_000,
        hookTimeout: 120_000,
      },
    },
  ];
}
