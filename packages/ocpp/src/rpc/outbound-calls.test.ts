import { describe, expect, test } from 'vitest';
import { type OutboundCall, OutboundCalls } from './outbound-calls.ts';

const create = () => new OutboundCalls<OutboundCall>({ queued: 3, timeoutMs: 1000, remembered: 2 });

function written(calls: OutboundCalls<OutboundCall>, now: number): string | undefined {
  const taken = calls.take(now);
  return taken?.kind === 'write' ? taken.call.msgId : undefined;
}

describe('one CALL in flight (J16 errata 3.4, J2.x §4.1.1)', () => {
  test('the next goes out when the first is answered, timed out, or not at all', () => {
    const calls = create();
    for (const msgId of ['a', 'b', 'c']) expect(calls.enqueue({ msgId })).toBe(true);
    expect(written(calls, 0)).toBe('a');
    expect(written(calls, 0)).toBeUndefined();
    expect(calls.answered('a').kind).toBe('answer');
    expect(written(calls, 0)).toBe('b');
    expect(calls.tick(999, 0)).toBeUndefined();
    expect(calls.tick(1000, 0)?.msgId).toBe('b');
    expect(written(calls, 1000)).toBe('c');
    expect(calls.isIdle).toBe(false);
    calls.answered('c');
    expect(calls.isIdle).toBe(true);
  });

  test('the queue is bounded', () => {
    const calls = create();
    for (const msgId of ['a', 'b', 'c']) calls.enqueue({ msgId });
    expect(calls.enqueue({ msgId: 'd' })).toBe(false);
  });

  test('what waited too long is not written', () => {
    const calls = create();
    calls.enqueue({ msgId: 'a', notAfter: 10 });
    calls.enqueue({ msgId: 'b', notAfter: 11 });
    expect(calls.take(11)).toEqual({ kind: 'expired', call: { msgId: 'a', notAfter: 10 } });
    expect(written(calls, 11)).toBe('b');
  });
});

describe('answers and their races', () => {
  test('an answer after the timeout is late; a second one too; one to nothing is unsolicited', () => {
    const calls = create();
    calls.enqueue({ msgId: 'a' });
    calls.enqueue({ msgId: 'b' });
    calls.take(0);
    calls.tick(1000, 0);
    calls.take(1000);
    expect(calls.answered('a').kind).toBe('late');
    expect(calls.answered('b').kind).toBe('answer');
    expect(calls.answered('b').kind).toBe('late');
    expect(calls.answered('c').kind).toBe('unsolicited');
  });

  test('a CALL that still waits in the queue cannot be answered', () => {
    const calls = create();
    calls.enqueue({ msgId: 'a' });
    expect(calls.answered('a').kind).toBe('unsolicited');
    expect(written(calls, 0)).toBe('a');
  });

  test('only so many late answers are known', () => {
    const calls = create();
    for (const msgId of ['a', 'b', 'c']) {
      calls.enqueue({ msgId });
      calls.take(0);
      calls.answered(msgId);
    }
    expect(calls.answered('a').kind).toBe('unsolicited');
    expect(calls.answered('c').kind).toBe('late');
  });
});

describe('deafness', () => {
  const unansweredAfter = (calls: OutboundCalls<OutboundCall>, heardAt: number) => {
    calls.enqueue({ msgId: `${heardAt}` });
    calls.take(0);
    calls.tick(1000, heardAt);
    return calls.unanswered;
  };

  test('counts timeouts while the other side talks, and not its silence', () => {
    const calls = create();
    expect(unansweredAfter(calls, 500)).toBe(1);
    expect(unansweredAfter(calls, 0)).toBe(1);
    expect(unansweredAfter(calls, 500)).toBe(2);
  });

  test('any answer ends it, an error as well', () => {
    const calls = create();
    unansweredAfter(calls, 500);
    calls.enqueue({ msgId: 'b' });
    calls.take(0);
    calls.answered('b');
    expect(calls.unanswered).toBe(0);
  });

  test('who answers late, time after time, is slow and not deaf', () => {
    const calls = create();
    unansweredAfter(calls, 500);
    calls.answered('500');
    expect(calls.unanswered).toBe(0);
  });
});

test('a close returns what was in flight and what was never written', () => {
  const calls = create();
  for (const msgId of ['a', 'b', 'c']) calls.enqueue({ msgId });
  calls.take(0);
  expect(calls.dropWhere(({ msgId }) => msgId === 'b')).toEqual([{ msgId: 'b' }]);
  expect(calls.close()).toEqual({ inFlight: { msgId: 'a' }, queued: [{ msgId: 'c' }] });
  expect(calls.close()).toEqual({ queued: [] });
  expect(calls.answered('a').kind).toBe('unsolicited');
});
