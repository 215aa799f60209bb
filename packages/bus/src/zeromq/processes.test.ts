import { describe, expect, test } from 'vitest';
import { createMemoryParking } from '../memory/memory-parking.ts';
import { InboundStreams } from './inbound-streams.ts';
import { encodeRecord, seal } from './journal/record.ts';
import { choosePeer, peersOnThisMachine } from './peers.ts';
import { envelopeOf } from './test-support/envelope.ts';
import { createSystem } from './test-support/system.ts';
import { until } from './test-support/until.ts';
import { createZeromqBus } from './zeromq-bus.ts';

describe('ZeroMQ, between processes', () => {
  test('a request finds who serves the subject, several take turns, and one that was killed (-9) is nobody at once', async () => {
    const system = await createSystem({ asker: [], one: ['log'], two: ['log'] });
    const asker = await system.here('asker');
    await system.start('one', { serve: 'who' });
    const two = await system.start('two', { serve: 'who', hangAs: 'node-2' });
    const ask = () => asker.request('who', {}).catch((error) => error.code);
    await until(async () => (await ask()) === 'n' && (await ask()) === 'n');
    await until(async () => {
      const outcome = await asker.send('node-2', envelopeOf('cp1', 1), { timeoutMs: 20 }).catch((error) => error);
      return outcome?.code === 'Timeout';
    });
    const sending = asker.send('node-2', envelopeOf('cp1', 1), { timeoutMs: 10_000 }).catch((error) => error);
    const from = performance.now();
    await two.kill();
    // Whether it was done nobody knows, and that is said as soon as the connection is lost.
    expect(await sending).toMatchObject({
      code: 'Timeout',
      message: expect.stringContaining('was lost before it answered'),
    });
    await expect(asker.send('node-2', envelopeOf('cp1', 1))).rejects.toMatchObject({ code: 'NobodyThere' });
    expect(performance.now() - from).toBeLessThan(2000);
    for (let count = 0; count < 4; count++) expect(await ask()).toBe('n');
  });

  test('a broadcast reaches all processes that listen', async () => {
    const system = await createSystem({ speaker: [], one: ['log'], two: ['log'] });
    const [speaker, one, two] = await Promise.all(['speaker', 'one', 'two'].map((name) => system.here(name)));
    const heard: string[] = [];
    await one?.listen('live', () => void heard.push('one'));
    await two?.listen('live', () => void heard.push('two'));
    await speaker?.listen('live', () => void heard.push('speaker'));
    await until(() => {
      heard.length = 0;
      speaker?.broadcast('live', {});
      return new Promise((resolve) => setTimeout(() => resolve(heard.length === 3), 20));
    });
    expect(heard.sort()).toEqual(['one', 'speaker', 'two']);
  });

  test('processes that start in any order find each other, also after both were started anew', async () => {
    const system = await createSystem({ one: ['log'], two: [] });
    const two = await system.here('two');
    await two.publish('MessagesIn', envelopeOf('cp1', 1));
    const seen: (number | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      const one = await system.here('one');
      await one.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch.map(({ seq }) => seq)));
      await until(() => seen.includes(round + 1), `${round + 1} in ${seen}`);
      await one.stop({ timeoutMs: 2000 });
      await two.publish('MessagesIn', envelopeOf('cp1', round + 2));
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  test('a process that the others do not know is turned away, and both sides say so', async () => {
    const system = await createSystem({ one: ['log'], stranger: [] });
    const lines: string[] = [];
    const log = { warn: (_: object, line: string) => void lines.push(line), error: () => {} };
    await system.here('one', { log, peers: system.peers.slice(0, 1) });
    await system.here('stranger', { log });
    await until(() => lines.length >= 2);
    expect(lines.slice(0, 2)).toEqual([
      'A peer was turned away',
      'one@n turned us away: zeromq.peers here names no stranger@n',
    ]);
  });
});

describe('ZeroMQ settings', () => {
  const groups = { MessagesIn: ['session'], MessagesSent: [], Events: [] };
  const common = { groups, parking: createMemoryParking(), directory: '/nonexistent', journalBytes: 1 };

  test.each([
    [
      'a group that nobody consumes for',
      [{ service: 'csms-server', node: 'n', address: 'tcp://127.0.0.1:1' }],
      'nobody who consumes MessagesIn as session',
    ],
    [
      'a process that is not in the list',
      peersOnThisMachine('other'),
      'names no csms-server@n; it has csms-server@other, ',
    ],
    [
      'two at one address',
      peersOnThisMachine('n').map((peer) => ({ ...peer, address: 'tcp://127.0.0.1:1' })),
      'two peers have the same address',
    ],
    [
      'the same one twice',
      [...peersOnThisMachine('n'), ...peersOnThisMachine('n')],
      'two peers have the same service and node',
    ],
  ])('%s is refused at the start, in words', async (_, peers, words) => {
    const starting = createZeromqBus({ ...common, peers, self: { service: 'csms-server', node: 'n' } }, common);
    await expect(starting).rejects.toThrow(words);
  });

  test('an address that is taken is said, and the journal is left alone', async () => {
    const system = await createSystem({ one: ['log'] });
    await system.here('one');
    await expect(system.here('one')).rejects.toThrow('Is this service running already');
  });

  test('a folder that cannot be written ends the start', async () => {
    const system = await createSystem({ one: ['log'] });
    await expect(system.here('one', { directory: '/etc/hostname' })).rejects.toThrow('ENOTDIR');
    await system.here('one');
  });

  test('clients are spread over peers, and one peer less moves only its own', () => {
    const clients = Array.from({ length: 3000 }, (_, at) => `CP-${at}`);
    const three = ['session@a', 'session@b', 'session@c'];
    const shares = new Map<string, number>();
    for (const client of clients) {
      const peer = choosePeer(client, three) ?? '';
      shares.set(peer, (shares.get(peer) ?? 0) + 1);
      if (peer !== 'session@c') expect(choosePeer(client, three.slice(0, 2))).toBe(peer);
    }
    for (const share of shares.values()) expect(Math.abs(share - 1000)).toBeLessThan(150);
  });
});

describe('what a consumer has had from a publisher', () => {
  const name = { topic: 'MessagesIn', group: 'log', stream: 'journal-1 one two' } as const;

  function recordAt(index: number): Buffer {
    const bytes = encodeRecord('MessagesIn', 'cp1', 'Heartbeat', JSON.stringify(envelopeOf('cp1', index)));
    seal(bytes, index);
    return bytes;
  }

  function createInbound() {
    const pushed: { seq: number; handled: () => void }[] = [];
    const handled: number[] = [];
    const inbound = new InboundStreams({
      push: (_, __, arrival) => {
        const { content, origin } = arrival();
        pushed.push({ seq: 'seq' in content ? (content.seq ?? 0) : 0, handled: () => origin?.handled() });
        return true;
      },
      sendHandled: (_, __, indexes) => void handled.push(...indexes),
    });
    const accept = (indexes: number[], after: number, stream: string = name.stream) =>
      inbound.accept('publisher@n', { ...name, stream }, after, Buffer.concat(indexes.map(recordAt)));
    return { pushed, handled, inbound, accept };
  }

  test('a repeat of what is being handled waits for the first; a repeat of what was handled is acknowledged', () => {
    const { pushed, handled, inbound, accept } = createInbound();
    accept([0, 1], -1);
    pushed[0]?.handled();
    inbound.flush();
    expect(handled).toEqual([0]);
    accept([0, 1, 2], -1);
    inbound.flush();
    expect(pushed.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(handled).toEqual([0, 0]);
    pushed[1]?.handled();
    inbound.flush();
    expect(handled).toEqual([0, 0, 1]);
  });

  test('what comes behind a gap is not taken, or the missing would count as handled', () => {
    const { pushed, accept } = createInbound();
    expect(accept([0, 1], -1)).toBe(true);
    expect(accept([5, 6], 4)).toBe(false);
    expect(accept([2, 5, 6], 1)).toBe(true);
    expect(pushed.map(({ seq }) => seq)).toEqual([0, 1, 2, 5, 6]);
  });

  test('when clients are divided anew, lower numbers that were another one’s are new', () => {
    const { pushed, accept } = createInbound();
    accept([5, 9], -1);
    accept([3, 5], -1, 'journal-1 one');
    expect(pushed.map(({ seq }) => seq)).toEqual([5, 9, 3, 5]);
  });
});
