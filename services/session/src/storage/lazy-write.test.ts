import { type Database, StorageUnavailable } from '@ocpp-csms/storage';
import { describe, expect, test } from 'vitest';
import { lazyWrite } from './lazy-write.ts';

type Write = Pick<Database<object>, 'write'>;

/** Ends as `Database.write` does: with what its work ends with. */
const working: Write = { write: (work) => work({} as never) };
const away: Write = { write: () => Promise.reject(new StorageUnavailable('the disk is full')) };
const failsAtCommit: Write = {
  write: async (work) => {
    await work({} as never);
    throw new StorageUnavailable('the disk is full');
  },
};

describe('a transaction that is begun when needed', () => {
  test('is not begun when nobody needs it', async () => {
    const write = lazyWrite(away);
    await write.commit();
    expect(write.begun()).toBe(false);
  });

  test('is the same for all who ask', async () => {
    const write = lazyWrite(working);
    expect(await write.begin()).toBe(await write.begin());
    await write.commit();
  });

  test('tells who asks that the store is away, and rolls back without a word', async () => {
    const write = lazyWrite(away);
    await expect(write.begin()).rejects.toThrow(StorageUnavailable);
    await write.rollback(new Error('work failed'));
  });

  test('a commit that fails is told', async () => {
    const write = lazyWrite(failsAtCommit);
    await write.begin();
    await expect(write.commit()).rejects.toThrow(StorageUnavailable);
  });

  test('is rolled back with the reason', async () => {
    let outcome: unknown;
    const write = lazyWrite({
      write: async (work) => {
        try {
          return await work({} as never);
        } catch (error) {
          outcome = error;
          throw error;
        }
      },
    });
    await write.begin();
    const reason = new Error('work failed');
    await write.rollback(reason);
    expect(outcome).toBe(reason);
  });
});
