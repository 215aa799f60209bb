import { createBus } from '../create-bus.ts';
import { sleep } from '../delivery/waiting.ts';
import type { Envelope } from '../envelope.ts';
import { createMemoryParking } from '../memory/memory-parking.ts';
import {
  type FromProcess,
  type Handling,
  machineClock,
  type ProcessOptions,
  type ToProcess,
} from './process-messages.ts';

/** Consumes MessagesIn as the group `log` and reports to its parent. Started by `ConsumerProcess`, settings as JSON in argv. */
const options = JSON.parse(process.argv[2] ?? '') as ProcessOptions;
let isPoisonous = true;
let taken = 0;

const parking = createMemoryParking();
const bus = await createBus(options.driver, {
  ...options,
  attempts: 3,
  retryDelaysMs: [50],
  log: {
    warn: (details, line) => void report({ kind: 'log', line: `${line} ${JSON.stringify(details)}` }),
    error: (details, line) => void report({ kind: 'log', line: `${line} ${JSON.stringify(details)}` }),
  },
  parking: {
    ...parking,
    async add(message) {
      await parking.add(message);
      await report({ kind: 'parked', message });
    },
  },
});

await bus.consume('MessagesIn', 'log', async (batch: readonly Envelope[]) => {
  const begunAt = machineClock();
  if (isPoisonous && batch.some(({ id }) => id === options.poison)) throw new Error('poison');
  const handlings = batch.map(({ id, client, seq = 0 }): Handling => ({ id, client, seq, begunAt }));
  await report({ kind: 'begun', handlings });
  taken += batch.length;
  if (options.hangAfter !== undefined && taken > options.hangAfter) await new Promise(() => {});
  await sleep(options.delayMs);
  await report({ kind: 'handled', handlings });
});

process.on('message', (message: ToProcess) => {
  if (message === 'cure') isPoisonous = false;
  else void bus.stop({ timeoutMs: 2000 }).then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(0));
await report({ kind: 'ready' });

function report(message: FromProcess): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, () => resolve());
  });
}
