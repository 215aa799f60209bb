import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Bus } from '../bus.ts';
import { choosePeer, peerName } from './peers.ts';
import { envelopeOf } from './test-support/envelope.ts';
import { createSystem, gapsOf, readSeen } from './test-support/system.ts';
import { until } from './test-support/until.ts';

const CLIENTS = ['cp1', 'cp2', 'cp3'];

describe('ZeroMQ, when processes end', () => {
  test('a consumer that is killed (-9) in the middle gets what it had not acknowledged, in order', async () => {
    const system = await createSystem({ publisher: [], consumer: ['log'] });
    const publisher = await system.here('publisher');
    const file = system.file('seen');
    const consume = { group: 'log', file, delayMs: 5 };
    for (let round = 0; round < 3; round++) {
      const consumer = await system.start('consumer', { consume });
      await publishAll(publisher, round * 200 + 1, (round + 1) * 200);
      await until(() => (readSeen(file).get('cp1')?.length ?? 0) > round * 200 + 20);
      await consumer.kill();
    }
    await system.start('consumer', { consume });
    await expectAll(file, 600);
    await until(() => publisher.inFlight().messages === 0);
  });

  test('a publisher that is killed (-9) has lost nothing that it acknowledged, with its peer away all the time', async () => {
    const system = await createSystem({ publisher: [], consumer: ['log'] });
    const published = system.file('published');
    const publisher = await system.start('publisher', { publish: { clients: CLIENTS, file: published, from: 1 } });
    await until(() => (readSeen(published).get('cp3')?.length ?? 0) > 100);
    await publisher.kill();
    const acknowledged = readSeen(published);

    const file = system.file('seen');
    await system.start('consumer', { consume: { group: 'log', file } });
    expect(readSeen(file).size).toBe(0);
    const again = await system.start('publisher', {});
    for (const client of CLIENTS) {
      const last = acknowledged.get(client)?.at(-1) ?? 0;
      expect(last).toBeGreaterThan(0);
      await until(() => (readSeen(file).get(client)?.at(-1) ?? 0) >= last, `${client} ${last}`);
      expect(gapsOf(readSeen(file).get(client) ?? [])).toEqual([]);
    }
    expect(again.said.filter((line) => !line.includes('not written whole'))).toEqual([]);
  });

  test('a publisher that is killed (-9) while its peer consumes goes on where it was, and little comes twice', async () => {
    const system = await createSystem({ publisher: [], consumer: ['log'] });
    const consumer = await system.here('consumer');
    const seen: number[] = [];
    await consumer.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch.map(({ seq = 0 }) => seq)));
    let from = 1;
    for (let round = 0; round < 3; round++) {
      const file = system.file(`published-${round}`);
      const publisher = await system.start('publisher', { publish: { clients: ['cp1'], file, from } });
      await until(() => (readSeen(file).get('cp1')?.length ?? 0) > 50);
      await publisher.kill();
      // The last one may be in the journal without its publisher having learnt it; a charge point would say it again.
      from = (readSeen(file).get('cp1')?.at(-1) ?? 0) + 1;
    }
    await system.start('publisher', {});
    await until(() => seen.includes(from - 1));
    expect(gapsOf(seen)).toEqual([]);
    // The consumer lives on and remembers what it has had: only what was published twice comes twice.
    expect(seen.length - new Set(seen).size).toBeLessThanOrEqual(3);
  });

  test('a peer that is stopped in good order leaves nothing to be delivered twice', async () => {
    const system = await createSystem({ publisher: [], consumer: ['log'] });
    const file = system.file('seen');
    let publisher = await system.here('publisher');
    const consumer = await system.start('consumer', { consume: { group: 'log', file, delayMs: 5 } });
    await publishAll(publisher, 1, 100);
    await consumer.stop();
    await publishAll(publisher, 101, 200);
    await publisher.stop({ timeoutMs: 50 });
    publisher = await system.here('publisher');
    await publishAll(publisher, 201, 300);
    await system.start('consumer', { consume: { group: 'log', file } });
    await expectAll(file, 300);
    expect(readSeen(file).get('cp1')).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
  });

  test('a paused peer (SIGSTOP) counts as away, and gets everything once it wakes', async () => {
    const system = await createSystem({ publisher: [], consumer: ['log'] });
    const warnings: string[] = [];
    const log = { warn: (_: object, line: string) => void warnings.push(line), error: () => {} };
    const publisher = await system.here('publisher', { log });
    const file = system.file('seen');
    const consumer = await system.start('consumer', { consume: { group: 'log', file }, serve: 'who' });
    await until(() => publisher.request('who', {}).then(Boolean, () => false));
    consumer.process.kill('SIGSTOP');
    await publishAll(publisher, 1, 100);
    await until(() => warnings.some((line) => line.includes('is away: nothing was heard for 300 ms')));
    await expect(publisher.request('who', {})).rejects.toMatchObject({ code: 'NobodyThere' });
    await publishAll(publisher, 101, 200);
    consumer.process.kill('SIGCONT');
    await expectAll(file, 200);
    expect(readSeen(file).get('cp1')?.length).toBe(200);
    expect(warnings.at(-1)).toMatch(/^consumer@n is back after \d+ s$/);
  });

  test('two consumers of a group in two processes share the clients; those of the one that is killed wait for it', async () => {
    const system = await createSystem({ publisher: [], one: ['log'], two: ['log'] });
    const publisher = await system.here('publisher');
    const clients = Array.from({ length: 20 }, (_, at) => `cp${at}`);
    const files = { one: system.file('one'), two: system.file('two') };
    await system.start('one', { consume: { group: 'log', file: files.one } });
    const two = await system.start('two', { consume: { group: 'log', file: files.two } });
    await publishAll(publisher, 1, 20, clients);
    await until(() => publisher.inFlight().messages === 0);
    const names = system.peers.filter(({ groups }) => groups?.includes('log')).map(peerName);
    const mine = clients.filter((client) => choosePeer(client, names.sort()) === 'one@n');
    expect([...readSeen(files.one).keys()].sort()).toEqual(mine.sort());
    expect(mine.length).toBeGreaterThan(3);
    expect(readSeen(files.two).size).toBe(20 - mine.length);

    await two.kill();
    await publishAll(publisher, 21, 40, clients);
    await until(() => mine.every((client) => readSeen(files.one).get(client)?.at(-1) === 40));
    expect(readSeen(files.one).size).toBe(mine.length);
    await system.start('two', { consume: { group: 'log', file: files.two } });
    await until(() => publisher.inFlight().messages === 0);
    for (const numbers of [...readSeen(files.one).values(), ...readSeen(files.two).values()]) {
      expect(gapsOf(numbers)).toEqual([]);
      expect(numbers.at(-1)).toBe(40);
    }
  });

  test('a peer that is taken out of the settings leaves its clients, and what waited for it, to the others', async () => {
    const system = await createSystem({ publisher: [], one: ['log'], two: ['log'] });
    const clients = Array.from({ length: 20 }, (_, at) => `cp${at}`);
    const before = await system.here('publisher');
    const file = system.file('one');
    const one = await system.start('one', { consume: { group: 'log', file } });
    await publishAll(before, 1, 10, clients);
    await until(() => [...readSeen(file).values()].every((numbers) => numbers.at(-1) === 10));
    await one.stop();
    await before.stop({ timeoutMs: 50 });

    const peers = system.peers.filter(({ service }) => service !== 'two');
    const after = await system.here('publisher', { peers });
    await system.start('one', { peers, consume: { group: 'log', file } });
    await publishAll(after, 11, 20, clients);
    await until(() => after.inFlight().messages === 0);
    expect(readSeen(file).size).toBe(20);
    for (const numbers of readSeen(file).values()) {
      expect(gapsOf(numbers)).toEqual([]);
      expect(numbers.at(-1)).toBe(20);
    }
  });
});

describe('ZeroMQ, when the journal is full', () => {
  test('refuses what is more than the journal may hold while a peer is away, and takes it again when it is back', async () => {
    const system = await createSystem({ publisher: [], consumer: ['log'] });
    const publisher = await system.here('publisher', { journalBytes: 1024 * 1024 });
    let taken = 0;
    const refused = await (async () => {
      for (;;) {
        const refusal = await publisher
          .publish('MessagesIn', envelopeOf('cp1', taken + 1, 10_000))
          .catch((error) => error);
        if (refusal) return refusal;
        taken++;
      }
    })();
    expect(refused).toMatchObject({ code: 'Full' });
    expect(refused.message).toContain('the oldest for consumer@n');
    expect(taken).toBeGreaterThan(80);
    expect(publisher.health()).toEqual({
      connected: false,
      reason: expect.stringContaining('the oldest for consumer@n'),
    });
    const file = system.file('seen');
    await system.start('consumer', { consume: { group: 'log', file } });
    await until(() => readSeen(file).get('cp1')?.length === taken);
    await until(() => publisher.health().connected);
    // More than the bound, several times over: files are deleted as they are done with.
    for (let seq = taken + 1; seq <= taken + 500; seq++) await publishWhenTaken(publisher, seq);
    await until(() => readSeen(file).get('cp1')?.at(-1) === taken + 500);
    expect(gapsOf(readSeen(file).get('cp1') ?? [])).toEqual([]);
    const journal = readdirSync(`${system.directory}/zeromq/publisher@n`).filter((name) => name.endsWith('.journal'));
    expect(journal.length).toBeLessThan(20);
  });

  test('a backlog of 18,000 comes from the disk, in order, to a consumer that is slow', async () => {
    const system = await createSystem({ publisher: [], consumer: ['log'] });
    const publisher = await system.here('publisher');
    await publishAll(publisher, 1, 6000, CLIENTS, 500);
    const { bytes, messages } = publisher.inFlight();
    expect(messages).toBe(18_000);
    // More than is remembered in memory.
    expect(bytes).toBeGreaterThan(9 * 1024 * 1024);
    const file = system.file('seen');
    await system.start('consumer', { consume: { group: 'log', file, delayMs: 1 } });
    await expectAll(file, 6000);
    await until(() => publisher.inFlight().messages === 0);
  });
});

function publishAll(bus: Bus, from: number, to: number, clients = CLIENTS, paddingBytes = 0): Promise<unknown> {
  const publishing: Promise<void>[] = [];
  for (let seq = from; seq <= to; seq++) {
    for (const client of clients) publishing.push(bus.publish('MessagesIn', envelopeOf(client, seq, paddingBytes)));
  }
  return Promise.all(publishing);
}

async function publishWhenTaken(bus: Bus, seq: number): Promise<void> {
  await until(() => {
    return bus.publish('MessagesIn', envelopeOf('cp1', seq, 10_000)).then(
      () => true,
      () => false,
    );
  });
}

/** Every client's messages up to `last`, without a gap. */
async function expectAll(file: string, last: number): Promise<void> {
  await until(() => CLIENTS.every((client) => readSeen(file).get(client)?.at(-1) === last), `${last} in ${file}`);
  for (const client of CLIENTS) expect(gapsOf(readSeen(file).get(client) ?? [])).toEqual([]);
}
