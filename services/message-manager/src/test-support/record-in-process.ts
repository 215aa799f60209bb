/** A process of its own that logs what it is sent, for tests that kill it. */
import type { Envelope } from '@ocpp-csms/bus';
import { type OpenOptions, openDatabase } from '@ocpp-csms/storage';
import { createRecorder } from '../block-log/recorder.ts';
import { type LogSchema, migrations } from '../block-log/schema.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Pick<OpenOptions, 'directory' | 'postgresql'>;
const database = await openDatabase<LogSchema>({ name: 'log', ...options, migrations });
const clock = { now: () => new Date('2026-01-02T03:04:05.000Z') };
const recorder = createRecorder({ database, clock, onRecorded: () => undefined });

process.on('message', async ({ number, batch }: { number: number; batch: Envelope[] }) => {
  await recorder.record(batch);
  process.send?.({ done: number });
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
