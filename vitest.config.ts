import { configDefaults, defineConfig } from 'vitest/config';
import { type ShapeOfMany, shapeMissing } from './e2e/src/shapes.ts';
import { postgresMissing } from './packages/storage/src/test-support/test-place.ts';

/** What SQLite does not have: several processes that write at once, a server that goes away. */
const onPostgresAlone = '**/*.postgresql.test.ts';
/** What is tested on PostgreSQL as well as on SQLite. */
const onBothEngines = [
  'packages/parking/src/**/*.test.ts',
  'services/{session,device-manager}/src/**/*.test.ts',
  'services/message-manager/src/{,block-log/}*.test.ts',
];

/** What is given to others: the archive, the package of npm, the container. Made once for all of them. */
const releases = 'e2e/release/*.test.ts';

/**
 * Whole systems, real clocks and a browser share two cores with each other: a deadline can be missed for what a
 * neighbour did. A test may try once more then; the summary names each that had to.
 */
const secondTry = { retry: 1 };

/** Unit tests live beside the code; whole-system tests live in `e2e/` and run one file at a time (they start real servers). */
export default defineConfig(async () => ({
  test: {
    // Most of a test's time is waiting for sockets and commits; more than two at once would wait for the CPU.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          ...secondTry,
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
          ...secondTry,
          include: ['e2e/**/*.test.ts'],
          globalSetup: 'e2e/src/build-console.ts',
          exclude: [...configDefaults.exclude, releases],
          pool: 'forks' as const,
          // Loading the system for each file again costs more than half of the time; the files share nothing that changes.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'release',
          ...secondTry,
          include: [releases],
          globalSetup: 'e2e/release/make-release.ts',
          pool: 'forks' as const,
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 300_000,
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
        ...secondTry,
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

/** What is tested in the other shapes as well. */
const inEveryShape = [
  'e2e/ocpp1.6/*.test.ts',
  'e2e/ocpp2/*.test.ts',
  'e2e/field-faults/*.test.ts',
  'e2e/registration.test.ts',
  'e2e/live-events.test.ts',
  'e2e/faults/short.test.ts',
];

async function inShape(shape: ShapeOfMany) {
  const missing = await shapeMissing(shape);
  if (missing !== undefined) {
    process.stderr.write(`\nNOT TESTED with several processes (${shape}): ${missing}\n\n`);
    return [];
  }
  return [
    {
      test: {
        name: shape,
        ...secondTry,
        include: inEveryShape,
        globalSetup: `e2e/src/start-${shape}.ts`,
        pool: 'forks' as const,
        isolate: false,
        testTimeout: 60_000,
        hookTimeout: 120_000,
        // Over a broker the log and the ledger follow the answer.
        expect: { poll: { timeout: 5000 } },
      },
    },
  ];
}
