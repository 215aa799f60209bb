import { createHmac } from 'node:crypto';
import type { Database } from '@ocpp-csms/storage';
import type { SessionDatabase, SessionSchema } from '../schema.ts';
import { nextInSequence, type SequenceName } from '../storage/sequence.ts';

const rounds = 6;
const half = 16;
const mask = 0xffff;
/** 2^31: ids are positive 32-bit integers (1.6 §7.x `transactionId` is an integer; charge points keep it in 32 bits). */
const end = 2 ** 31;

/**
 * A one-to-one mapping of 1 … 2^31−1 onto itself that cannot be foreseen without the key: a Feistel network over 32
 * bits, walked until it lands inside. A charge point cannot derive the ids of another one from its own (SteVe#1296).
 */
export function permutationOf(key: Uint8Array): (number: number) => number {
  return (number) => {
    let value = feistel(number, key);
    while (value === 0 || value >= end) value = feistel(value, key);
    return value;
  };
}

function feistel(number: number, key: Uint8Array): number {
  let left = (number >>> half) & mask;
  let right = number & mask;
  for (let round = 0; round < rounds; round++) [left, right] = [right, left ^ roundValue(round, right, key)];
  return left * (mask + 1) + right;
}

function roundValue(round: number, value: number, key: Uint8Array): number {
  return createHmac('sha256', key).update(`${round} ${value}`).digest().readUInt16BE(0);
}

const sequence: SequenceName = 'transaction-id';
const numbersAtOnce = 1000;
/** As many as a batch of messages may need. */
const fewest = 500;

export interface TransactionIds {
  next(database: SessionDatabase): Promise<number>;
  /** Before a transaction that may need some is begun. */
  prepare(): Promise<void>;
}

/**
 * 1.6 transaction ids: the durable sequence, hidden by this installation's key. Never given twice, also after a restart
 * (field-faults row 40). Where several processes write at once, numbers are taken ahead, in a transaction of their own:
 * the row of the sequence is locked until the commit, and all starts would wait for each other. What is not used of them
 * is lost with the process, which 2³¹ can bear.
 */
export function createTransactionIds(
  key: Uint8Array,
  { engine, write }: Pick<Database<SessionSchema>, 'engine' | 'write'>,
): TransactionIds {
  const permute = permutationOf(key);
  let ahead: number[] = [];
  let taking: Promise<void> | undefined;

  async function takeAhead(): Promise<void> {
    const take = (transaction: SessionDatabase) => nextInSequence(transaction, sequence, numbersAtOnce);
    const last = await write(take, { beside: [] });
    ahead = [...ahead, ...Array.from({ length: numbersAtOnce }, (_, index) => last - numbersAtOnce + 1 + index)];
  }

  return {
    async prepare() {
      if (engine === 'sqlite' || ahead.length >= fewest) return;
      taking ??= takeAhead().finally(() => {
        taking = undefined;
      });
      await taking;
    },
    async next(database) {
      return permute(ahead.shift() ?? (await nextInSequence(database, sequence)));
    },
  };
}
