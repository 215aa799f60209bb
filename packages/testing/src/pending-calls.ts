import { CallError } from './client.ts';

/** A CALL of ours that was answered: what a crash must not lose. */
export interface AnsweredCall {
  msgId: string;
  action: string;
  payload: unknown;
  /** The payload of the CALLRESULT, or the CALLERROR. */
  answer: { ok: true; payload: unknown } | { ok: false; code: string; description: string };
}

export interface PendingCalls {
  /** Resolves with the payload of the answer; rejects with `CallError`, or with why there is none. */
  wait(msgId: string, action: string, payload: unknown): Promise<unknown>;
  /** The action that waits for this answer; `undefined`: nobody does. */
  actionOf(msgId: string): string | undefined;
  answer(msgId: string, answer: AnsweredCall['answer']): void;
  failAll(why: string): void;
  readonly answered: readonly AnsweredCall[];
}

interface Waiting {
  action: string;
  payload: unknown;
  resolve(payload: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

export function createPendingCalls(networkId: string, timeoutMs: number): PendingCalls {
  const waiting = new Map<string, Waiting>();
  const answered: AnsweredCall[] = [];

  function take(msgId: string): Waiting | undefined {
    const call = waiting.get(msgId);
    clearTimeout(call?.timer);
    waiting.delete(msgId);
    return call;
  }

  return {
    answered,
    actionOf: (msgId) => waiting.get(msgId)?.action,
    wait: (msgId, action, payload) =>
      new Promise((resolve, reject) => {
        const late = new Error(`${networkId}: no answer to ${action} within ${timeoutMs} ms`);
        const timer = setTimeout(() => take(msgId)?.reject(late), timeoutMs);
        waiting.set(msgId, { action, payload, resolve, reject, timer });
      }),
    answer(msgId, answer) {
      const call = take(msgId);
      if (call === undefined) return;
      answered.push({ msgId, action: call.action, payload: call.payload, answer });
      if (answer.ok) call.resolve(answer.payload);
      else call.reject(new CallError(answer.code, answer.description));
    },
    failAll(why) {
      for (const [msgId, { action }] of [...waiting]) {
        take(msgId)?.reject(new Error(`${networkId}: no answer to ${action}: ${why}`));
      }
    },
  };
}
