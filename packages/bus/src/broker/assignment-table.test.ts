import { describe, expect, it } from 'vitest';
import { type AssignmentTable, type TurnOptions, takeTurn } from './assignment-table.ts';

const NONE = { dead: new Set<string>(), released: new Set<number>() };

function turn(table: AssignmentTable | undefined, self: string, options: Partial<TurnOptions> = {}) {
  return takeTurn(table, { self, partitions: 8, ...NONE, ...options });
}

describe('sharing the partitions of a group out', () => {
  it('gives all to the first member', () => {
    const { table, mine, surplus } = turn(undefined, 'a');
    expect(mine).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(surplus).toEqual([]);
    expect(table).toEqual({ members: { a: 1 }, owners: new Array(8).fill('a') });
  });

  it('moves half to a second member, and each partition only after it was released', () => {
    let { table } = turn(undefined, 'a');
    const joined = turn(table, 'b');
    expect(joined.mine).toEqual([]);
    const asked = turn(joined.table, 'a');
    expect(asked.surplus).toEqual([4, 5, 6, 7]);
    expect(asked.table.owners).toEqual(new Array(8).fill('a'));
    ({ table } = turn(asked.table, 'a', { released: new Set([4, 5, 6]) }));
    const taken = turn(table, 'b');
    expect(taken.mine).toEqual([4, 5, 6]);
    expect(taken.table.owners[7]).toBe('a');
  });

  it('does not take back what it releases in the same turn', () => {
    const { table } = turn(undefined, 'a');
    expect(turn(table, 'a', { released: new Set([3]) }).table.owners[3]).toBe(null);
    expect(turn(table, 'a', { released: new Set([3]) }).mine).not.toContain(3);
  });

  it('gives those of a dead member to the living', () => {
    let { table } = turn(undefined, 'a');
    ({ table } = turn(table, 'b'));
    const { mine, table: after } = turn(table, 'b', { dead: new Set(['a']) });
    expect(mine).toHaveLength(8);
    expect(after.members).toEqual({ b: 2 });
  });

  it('leaves nothing behind when a member leaves', () => {
    const { table } = turn(undefined, 'a');
    expect(turn(table, 'a', { leaving: true }).table).toEqual({ members: {}, owners: new Array(8).fill(null) });
  });

  it('adds up to everything for any number of members', () => {
    for (const members of [1, 2, 3, 5, 8, 11]) {
      let table: AssignmentTable | undefined;
      const names = Array.from({ length: members }, (_, number) => `m${number}`);
      const released = new Map<string, Set<number>>();
      for (let round = 0; round < 4; round++) {
        for (const name of names) {
          const taken = turn(table, name, { released: released.get(name) ?? new Set() });
          table = taken.table;
          released.set(name, new Set(taken.surplus));
        }
      }
      const counts = names.map((name) => table?.owners.filter((owner) => owner === name).length ?? 0);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(8);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('refuses another number of partitions while the others live', () => {
    const { table } = turn(undefined, 'a');
    expect(() => takeTurn(table, { self: 'b', partitions: 16, ...NONE })).toThrow(
      'bus.partitions is 16 here and 8 at a: it must be the same for all',
    );
    const alone = takeTurn(table, { self: 'b', partitions: 16, ...NONE, dead: new Set(['a']) });
    expect(alone.mine).toHaveLength(16);
  });
});
