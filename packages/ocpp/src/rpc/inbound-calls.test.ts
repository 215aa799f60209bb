import { describe, expect, test } from 'vitest';
import { contentHash } from './content-hash.ts';
import { InboundCall, InboundCalls } from './inbound-calls.ts';

const limits = { remembered: 3, rememberedSize: 100, rememberedMs: 1000 };
const create = () => new InboundCalls<InboundCall>(limits);

/** A frame whose message id is its own. */
const frame = (hash: number, msgId = String(hash)) => ({ msgId, hash });

function add(calls: InboundCalls<InboundCall>, hash: number, msgId?: string): InboundCall {
  const call = new InboundCall({ ...frame(hash, msgId), size: 10 });
  calls.add(call);
  return call;
}

describe('the hash of a frame', () => {
  test('differs with the message id, the action and the payload', () => {
    const frames = ['[2,"1","A",{}]', '[2,"2","A",{}]', '[2,"1","B",{}]', '[2,"1","A",{"a":1}]', '[2,"1","A",{"a":2}]'];
    expect(new Set(frames.map(contentHash)).size).toBe(frames.length);
  });

  test('has no collision among many that are alike', () => {
    const hashes = new Set(Array.from({ length: 200_000 }, (_, index) => contentHash(`[2,"${index}","Heartbeat",{}]`)));
    expect(hashes.size).toBe(200_000);
  });
});

describe('the order of answers', () => {
  test('a Heartbeat does not wait for a decision on another CALL', () => {
    const calls = create();
    const [first, second, third] = [add(calls, 1), add(calls, 2), add(calls, 3)];
    expect(calls.answer(third, 'c')).toEqual([third]);
    expect(calls.answer(first, 'a')).toEqual([first]);
    expect(calls.answer(second, 'b').map(({ answer }) => answer)).toEqual(['b']);
    expect([calls.count, calls.size]).toEqual([0, 0]);
  });

  test('firmware with a single message id: its answers are told apart by their order', () => {
    const calls = create();
    const [first, second, third] = [add(calls, 1, 'id'), add(calls, 2, 'id'), add(calls, 3, 'id')];
    expect(calls.answer(first, 'a')).toEqual([first]);
    expect(calls.answer(third, 'c')).toEqual([]);
    expect(calls.answer(second, 'b')).toEqual([second, third]);
    expect([calls.count, calls.size]).toEqual([0, 0]);
  });

  test('one that is given up holds nobody back and gets no answer', () => {
    const calls = create();
    const [first, second] = [add(calls, 1, 'id'), add(calls, 2, 'id')];
    expect(calls.answer(second, 'b')).toEqual([]);
    expect(calls.answer(first, '')).toEqual([second]);
  });

  test('one among thousands is found by its message id', () => {
    const calls = create();
    const all = Array.from({ length: 5000 }, (_, hash) => add(calls, hash));
    expect(calls.find('4711', ({ hash }) => hash === 4711)).toBe(all[4711]);
    expect(calls.find('4711', ({ hash }) => hash === 4712)).toBeUndefined();
    expect(all.flatMap((call) => calls.answer(call, 'a'))).toEqual(all);
    expect([calls.count, calls.size]).toEqual([0, 0]);
  });
});

describe('repeats', () => {
  test('while it is under way: one more copy of the answer', () => {
    const calls = create();
    const call = add(calls, 1);
    expect(calls.arrive(frame(1), 0)).toEqual({ kind: 'in-progress' });
    expect([call.copies, calls.count]).toEqual([2, 2]);
    calls.answer(call, 'a');
    expect(calls.count).toBe(0);
  });

  test('after it was answered: the same text, for some time', () => {
    const calls = create();
    calls.remember(frame(1), 'a', 0);
    expect(calls.arrive(frame(1), 999)).toEqual({ kind: 'answered', text: 'a' });
    expect(calls.arrive(frame(1), 1000)).toEqual({ kind: 'new' });
    expect(calls.arrive(frame(2), 0)).toEqual({ kind: 'new' });
  });

  test('firmware with a single message id: what it said before the last is no repeat', () => {
    const calls = create();
    calls.remember(frame(1, 'id'), 'a', 0);
    expect(calls.arrive(frame(2, 'id'), 0)).toEqual({ kind: 'new' });
    expect(calls.arrive(frame(1, 'id'), 0)).toEqual({ kind: 'new' });
    add(calls, 1, 'id');
    add(calls, 2, 'id');
    expect(calls.arrive(frame(1, 'id'), 0)).toEqual({ kind: 'new' });
  });

  test('the newest answer to the same content counts', () => {
    const calls = create();
    calls.remember(frame(1), 'old', 0);
    calls.remember(frame(1), 'young', 900);
    expect(calls.arrive(frame(1), 1100)).toEqual({ kind: 'answered', text: 'young' });
  });

  test('memory is bounded by number and by size', () => {
    const calls = create();
    for (let hash = 1; hash <= 4; hash++) calls.remember(frame(hash), 'a', 0);
    expect(calls.arrive(frame(1), 0).kind).toBe('new');
    expect(calls.arrive(frame(2), 0).kind).toBe('answered');
    calls.remember(frame(5), 'x'.repeat(100), 0);
    expect(calls.arrive(frame(4), 0).kind).toBe('new');
    calls.remember(frame(6), 'x'.repeat(101), 0);
    expect(calls.arrive(frame(6), 0).kind).toBe('new');
    expect(calls.arrive(frame(5), 0).kind).toBe('answered');
  });
});

test('a close returns what waits, and a late answer has nobody to go to', () => {
  const calls = create();
  const call = add(calls, 1);
  calls.remember(frame(2), 'b', 0);
  expect(calls.close()).toEqual([call]);
  expect(calls.answer(call, 'a')).toEqual([]);
  expect([calls.count, calls.size]).toEqual([0, 0]);
  expect(calls.arrive(frame(2), 0)).toEqual({ kind: 'new' });
});
