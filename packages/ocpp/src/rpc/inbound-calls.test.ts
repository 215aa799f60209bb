import { describe, expect, test } from 'vitest';
import { contentHash } from './content-hash.ts';
import { InboundCall, InboundCalls } from './inbound-calls.ts';

const limits = { remembered: 3, rememberedSize: 100, rememberedMs: 1000 };
const create = () => new InboundCalls<InboundCall>(limits);

function add(calls: InboundCalls<InboundCall>, hash: number, size = 10): InboundCall {
  const call = new InboundCall(hash, size);
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
  test('an answer waits for those before it, and they go together', () => {
    const calls = create();
    const [first, second, third] = [add(calls, 1), add(calls, 2), add(calls, 3)];
    second.answer = 'b';
    expect(calls.takeAnswered()).toEqual([]);
    first.answer = 'a';
    expect(calls.takeAnswered().map(({ answer }) => answer)).toEqual(['a', 'b']);
    third.answer = 'c';
    expect(calls.takeAnswered()).toEqual([third]);
    expect(calls.takeAnswered()).toEqual([]);
    expect([calls.count, calls.size]).toEqual([0, 0]);
  });

  test('one that is given up holds nobody back and gets no answer', () => {
    const calls = create();
    const [first, second] = [add(calls, 1), add(calls, 2)];
    second.answer = 'b';
    first.answer = '';
    expect(calls.takeAnswered()).toEqual([second]);
  });
});

describe('repeats', () => {
  test('while it is under way: one more copy of the answer', () => {
    const calls = create();
    const call = add(calls, 1);
    expect(calls.arrive(1, 0)).toEqual({ kind: 'in-progress' });
    expect([call.copies, calls.count]).toEqual([2, 2]);
    call.answer = 'a';
    calls.takeAnswered();
    expect(calls.count).toBe(0);
  });

  test('after it was answered: the same text, for some time', () => {
    const calls = create();
    calls.remember(1, 'a', 0);
    expect(calls.arrive(1, 999)).toEqual({ kind: 'answered', text: 'a' });
    expect(calls.arrive(1, 1000)).toEqual({ kind: 'new' });
    expect(calls.arrive(2, 0)).toEqual({ kind: 'new' });
  });

  test('the newest answer to the same content counts', () => {
    const calls = create();
    calls.remember(1, 'old', 0);
    calls.remember(1, 'young', 900);
    expect(calls.arrive(1, 1100)).toEqual({ kind: 'answered', text: 'young' });
  });

  test('memory is bounded by number and by size', () => {
    const calls = create();
    for (let hash = 1; hash <= 4; hash++) calls.remember(hash, 'a', 0);
    expect(calls.arrive(1, 0).kind).toBe('new');
    expect(calls.arrive(2, 0).kind).toBe('answered');
    calls.remember(5, 'x'.repeat(100), 0);
    expect(calls.arrive(4, 0).kind).toBe('new');
    calls.remember(6, 'x'.repeat(101), 0);
    expect(calls.arrive(6, 0).kind).toBe('new');
    expect(calls.arrive(5, 0).kind).toBe('answered');
  });
});

test('a close returns what waits, and a late answer has nobody to go to', () => {
  const calls = create();
  const call = add(calls, 1);
  calls.remember(2, 'b', 0);
  expect(calls.close()).toEqual([call]);
  call.answer = 'a';
  expect(calls.takeAnswered()).toEqual([]);
  expect([calls.count, calls.size]).toEqual([0, 0]);
  expect(calls.arrive(2, 0)).toEqual({ kind: 'new' });
});
