import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, BusError, type Envelope } from '@ocpp-csms/bus';
import { answerEnvelope, type StoredAnswer } from './answer.ts';

export interface AnswerDeliveryOptions {
  bus: Pick<Bus, 'send'>;
  newId(): string;
  now(): Date;
  log: { warn(details: object, message: string): void };
  /** How long csms-server may take to accept an answer, in milliseconds. */
  sendTimeoutMs?: number;
  /** A node that is not there is asked again for so long, in milliseconds: about as long as csms-server waits for a decision. */
  tryForMs?: number;
}

/** Takes answers to the nodes that asked. */
export interface AnswerDelivery {
  /** Resolves when each was taken, given up, or waits for its node to be there. Never rejects. */
  deliver(answers: readonly { call: Envelope; answer: StoredAnswer }[]): Promise<void>;
  /** Gives up what waits. */
  stop(): Promise<void>;
}

const tryEveryMs = 200;
/** More than that is given up at once: the charge points ask again, and find what was decided. */
const mostWaiting = 1000;

export function createAnswerDelivery(options: AnswerDeliveryOptions): AnswerDelivery {
  const { bus, newId, now, log, sendTimeoutMs = 2000, tryForMs = 8000 } = options;
  const waiting = new Set<Promise<void>>();
  const stopping = new AbortController();

  function giveUp({ client, body }: Envelope, error: unknown): void {
    log.warn(
      { networkId: client, msgId: body.msgId, action: body.messageType, reason: String(error) },
      'Answer could not be delivered; it is kept for the repeat',
    );
  }

  async function deliverOne(call: Envelope, answer: StoredAnswer): Promise<void> {
    const envelope = answerEnvelope(call, answer, { id: newId(), now: now() });
    const send = () => bus.send(call.serverNode, envelope, { timeoutMs: sendTimeoutMs });
    try {
      await send();
    } catch (error) {
      if (!isNobodyThere(error) || waiting.size >= mostWaiting || stopping.signal.aborted) return giveUp(call, error);
      const trying = tryAgain(send, error)
        .catch((lastError: unknown) => giveUp(call, lastError))
        .finally(() => waiting.delete(trying));
      waiting.add(trying);
    }
  }

  /** The node starts, or its connection to us does. Rejects with what it failed for in the end. */
  async function tryAgain(send: () => Promise<void>, firstError: unknown): Promise<void> {
    let lastError = firstError;
    for (let triedMs = 0; triedMs < tryForMs; triedMs += tryEveryMs) {
      await sleep(tryEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) break;
      try {
        return await send();
      } catch (error) {
        if (!isNobodyThere(error)) throw error;
        lastError = error;
      }
    }
    throw lastError;
  }

  return {
    async deliver(answers) {
      await Promise.all(answers.map(({ call, answer }) => deliverOne(call, answer)));
    },
    async stop() {
      stopping.abort();
      await Promise.all(waiting);
    },
  };
}

function isNobodyThere(error: unknown): boolean {
  return error instanceof BusError && error.code === 'NobodyThere';
}
