import { afterEach, describe, expect, it } from 'vitest';
import { sleep } from '../delivery/waiting.ts';
import { Membership } from './membership.ts';
import type { AssignmentStore } from './transport.ts';

const LEASE_MS = 400;

interface Member {
  membership: Membership;
  mine: Set<number>;
  lapses: number;
}

describe('members of a group', () => {
  const members: Member[] = [];

  afterEach(async () => {
    await Promise.all(members.splice(0).map(({ membership }) => membership.leave()));
  });

  /** Releases at once what it has to give back. */
  function create(name: string, store: AssignmentStore): Member {
    const member: Member = {
      mine: new Set(),
      lapses: 0,
      membership: new Membership({
        store,
        key: 'assignment/test',
        member: name,
        partitions: 8,
        leaseMs: LEASE_MS,
        assigned: (mine, surplus) => {
          member.mine = new Set([...mine].filter((partition) => !surplus.has(partition)));
          for (const partition of surplus) member.membership.release(partition);
        },
        lapsed: () => {
          member.lapses++;
          member.mine = new Set();
        },
        nudgeOthers: () => {
          for (const other of members) if (other !== member) void other.membership.turn();
        },
        warn: () => {},
      }),
    };
    members.push(member);
    return member;
  }

  it('share evenly at once, and take over from one that leaves', async () => {
    const store = memoryStore();
    const one = create('one', store);
    await one.membership.join();
    expect(one.mine.size).toBe(8);
    const other = create('other', store);
    await other.membership.join();
    await until(() => one.mine.size === 4 && other.mine.size === 4);
    expect([...one.mine].some((partition) => other.mine.has(partition))).toBe(false);
    await other.membership.leave();
    await until(() => one.mine.size === 8);
  });

  it('replace one that is silent, which knows it before they do', async () => {
    const store = memoryStore();
    const silent = create('silent', store);
    const heir = create('heir', store);
    await silent.membership.join();
    await heir.membership.join();
    await until(() => silent.mine.size === 4 && heir.mine.size === 4);
    store.cutOff = 'silent';
    await until(() => heir.mine.size === 8);
    expect(performance.now()).toBeGreaterThan(silent.membership.endsAt);
    expect(silent.lapses).toBe(1);
    store.cutOff = undefined;
    await until(() => silent.mine.size === 4 && heir.mine.size === 4);
  });

  it('go on when the store is away and comes back in time', async () => {
    const store = memoryStore();
    const one = create('one', store);
    await one.membership.join();
    store.cutOff = 'one';
    await sleep(LEASE_MS / 4);
    store.cutOff = undefined;
    await sleep(LEASE_MS * 1.5);
    expect(one.lapses).toBe(0);
    expect(one.mine.size).toBe(8);
  });

  it('does not renew what it has abandoned', async () => {
    const store = memoryStore();
    const one = create('one', store);
    await one.membership.join();
    expect(one.membership.endsAt).toBeGreaterThan(performance.now());
    one.membership.abandon();
    expect(one.membership.endsAt).toBe(0);
    await sleep(LEASE_MS / 2);
    expect(one.membership.endsAt).toBe(0);
  });
});

/** `cutOff`: whose writes fail. */
function memoryStore(): AssignmentStore & { cutOff: string | undefined } {
  let kept: { value: string; revision: string } | undefined;
  const store: AssignmentStore & { cutOff: string | undefined } = {
    cutOff: undefined,
    read: async () => kept,
    async write(_, value, revision) {
      await sleep(1);
      const before = JSON.parse(kept?.value ?? '{"members":{}}').members;
      const after = JSON.parse(value).members;
      if (store.cutOff !== undefined && before[store.cutOff] !== after[store.cutOff] && store.cutOff in after) {
        throw new Error('the store is away');
      }
      if (kept?.revision !== revision) return false;
      kept = { value, revision: String(Number(revision ?? 0) + 1) };
      return true;
    },
  };
  return store;
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited 5 s in vain');
    await sleep(5);
  }
}
