import type { Envelope } from '@ocpp-csms/bus';
import { expect, test } from 'vitest';
import { groupBatches } from './group-batches.ts';
import { message } from './test-support/envelopes.ts';

/** Commits that end when they are told to, and the clients of each. */
function commits() {
  const begun: { clients: string; end: PromiseWithResolvers<void> }[] = [];
  const record = groupBatches((batch) => {
    const end = Promise.withResolvers<void>();
    begun.push({ clients: batch.map(({ client }) => client).join(), end });
    return end.promise;
  }, 3);
  const say = (...clients: string[]) => record(clients.map((client): Envelope => message({ client })));
  return { begun, say };
}

test('what waits while one commits is committed together, up to the bound', async () => {
  const { begun, say } = commits();
  const all = Promise.all([say('a'), say('b'), say('c', 'd'), say('e', 'f', 'g', 'h'), say('i')]);
  for (let n = 0; n < 4; n++) {
    await expect.poll(() => begun.length).toBe(n + 1);
    begun[n]?.end.resolve();
  }
  await all;
  expect(begun.map(({ clients }) => clients)).toEqual(['a', 'b,c,d', 'e,f,g,h', 'i']);
});

test('a store that is away rejects all that waited; one batch that is refused, itself alone', async () => {
  const { begun, say } = commits();
  const first = say('a');
  const [second, third] = [say('b'), say('c')];
  begun[0]?.end.reject(new Error('refused'));
  await expect(first).rejects.toThrow('refused');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.end.reject(new Error('refused'));
  await expect.poll(() => begun.length).toBe(3);
  begun[2]?.end.reject(new Error('b is refused'));
  await expect(second).rejects.toThrow('b is refused');
  await expect.poll(() => begun.length).toBe(4);
  begun[3]?.end.resolve();
  await third;
  await new Promise((resolve) => setImmediate(resolve));
  const away = Object.assign(new Error('away'), { transient: true });
  const [fourth, fifth, sixth] = [say('d'), say('e'), say('f')];
  expect(begun.length).toBe(5);
  begun[4]?.end.resolve();
  await fourth;
  await expect.poll(() => begun.length).toBe(6);
  begun[5]?.end.reject(away);
  await expect(fifth).rejects.toBe(away);
  await expect(sixth).rejects.toBe(away);
});
