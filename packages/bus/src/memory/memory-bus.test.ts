import { describe, expect, it } from 'vitest';
import { describeBusContract, sampleEnvelope } from '../contract.ts';
import { createMemoryBus, type MemoryBusOptions } from './memory-bus.ts';
import { createMemoryParking } from './memory-parking.ts';

describeBusContract('memory', {
  create: async (options) => createMemoryBus(options),
  publishWaitsForHandling: true,
});

function createBus(options: Partial<MemoryBusOptions> = {}) {
  return createMemoryBus({
    groups: { MessagesIn: ['log'], MessagesSent: [], Events: [] },
    parking: createMemoryParking(),
    ...options,
  });
}

describe('memory bus', () => {
  it('publishes at once what no group wants', async () => {
    const bus = createBus();
    await bus.publish('MessagesSent', sampleEnvelope('cp1', 1));
    await bus.consume('MessagesIn', 'log', async () => {}, { only: new Set(['Authorize']) });
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    expect(bus.inFlight()).toEqual({ messages: 0, bytes: 0 });
    await bus.stop();
  });

  it('counts what was held as handled when the consumer does not want it', async () => {
    const bus = createBus();
    const publishing = bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    await bus.consume('MessagesIn', 'log', async () => {}, { only: new Set(['Authorize']) });
    await publishing;
    await bus.stop();
  });

  it('makes one batch of what one turn of the event loop brings', async () => {
    const bus = createBus({ batchSize: 50 });
    const sizes: number[] = [];
    await bus.consume('MessagesIn', 'log', async (batch) => void sizes.push(batch.length));
    const count = 120;
    await Promise.all(Array.from({ length: count }, (_, seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq))));
    expect(sizes).toEqual([50, 50, 20]);
    await bus.stop();
  });

  it('refuses by bytes, counted by sizeOf', async () => {
    const bus = createBus({ maxInFlightBytes: 1000, sizeOf: () => 1000 });
    const publishing = bus.publish('MessagesIn', sampleEnvelope('cp1', 1)).catch(() => {});
    await expect(bus.publish('MessagesIn', sampleEnvelope('cp1', 2))).rejects.toMatchObject({ code: 'Full' });
    await bus.stop({ timeoutMs: 10 });
    await publishing;
  });

  it('names the group that is behind when the deadline passes', async () => {
    const bus = createBus({ groups: { MessagesIn: ['log', 'session'], MessagesSent: [], Events: [] } });
    await bus.consume('MessagesIn', 'log', async () => {});
    const publishing = bus.publish('MessagesIn', sampleEnvelope('cp1', 1), { deadlineMs: 30 });
    await expect(publishing).rejects.toThrow('MessagesIn: not handled within 30 ms by session');
    await bus.stop({ timeoutMs: 10 });
  });

  it('waits for a parking store that is away', async () => {
    const parking = createMemoryParking();
    let failures = 3;
    const add: typeof parking.add = async (message) => {
      if (failures-- > 0) throw new Error('parking is away');
      await parking.add(message);
    };
    const bus = createBus({ parking: { ...parking, add }, retryDelaysMs: [5], attempts: 1 });
    await bus.consume('MessagesIn', 'log', () => Promise.reject(new Error('poison')));
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    expect(await parking.count()).toBe(1);
    await bus.stop();
  });

  it('says once that a store is away, and that it is back', async () => {
    const lines: string[] = [];
    const log = { warn: (_: object, line: string) => void lines.push(line), error: () => {} };
    const bus = createBus({ log, retryDelaysMs: [1] });
    let calls = 0;
    await bus.consume('MessagesIn', 'log', async () => {
      if (++calls < 5) throw Object.assign(new Error('disk full'), { transient: true });
    });
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    expect(lines).toEqual([
      'log cannot handle 1 messages now and tries again: disk full',
      'log handles messages again after 5 tries',
    ]);
    await bus.stop();
  });

  it('refuses consumers of one group that want different messages', async () => {
    const bus = createBus();
    await bus.consume('MessagesIn', 'log', async () => {}, { only: new Set(['Authorize']) });
    await expect(bus.consume('MessagesIn', 'log', async () => {})).rejects.toMatchObject({ code: 'Refused' });
    await bus.stop();
  });

  it('refuses a second receiver of the same name', async () => {
    const bus = createBus();
    await bus.receive('node-1', async () => {});
    await expect(bus.receive('node-1', async () => {})).rejects.toMatchObject({ code: 'Refused' });
    await bus.stop();
  });

  it('does not drive one message twice at a time', async () => {
    const bus = createBus({ attempts: 1 });
    let release = () => {};
    let poisonous = true;
    await bus.consume('MessagesIn', 'log', () => {
      if (poisonous) return Promise.reject(new Error('poison'));
      return new Promise((resolve) => {
        release = resolve;
      });
    });
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    poisonous = false;
    const driving = bus.parked.drive('log', 'cp1-00000001');
    await expect(bus.parked.drive('log', 'cp1-00000001')).rejects.toMatchObject({ code: 'Refused' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    release();
    await driving;
    await bus.stop();
  });

  it('refuses what is nested too deeply instead of failing with it', async () => {
    const bus = createBus();
    const text = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const envelope = sampleEnvelope('cp1', 1);
    envelope.body.messageBody = JSON.parse(text);
    await expect(bus.publish('MessagesIn', envelope)).rejects.toMatchObject({ code: 'Refused' });
    expect(bus.inFlight()).toEqual({ messages: 0, bytes: 0 });
    await bus.stop();
  });
});
