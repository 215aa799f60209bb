export interface Difference {
  /** JSON pointer; '' is the whole. */
  path: string;
  kind: 'added' | 'removed' | 'changed';
  before?: unknown;
  after?: unknown;
}

export interface Comparison {
  differences: Difference[];
  /** Values that are the same in both. */
  same: number;
  /** There were more differences than are listed. */
  isCut: boolean;
}

const mostListed = 1000;

/** Member by member, element by element. The order of members does not count. */
export function compareJson(before: unknown, after: unknown): Comparison {
  const found: Comparison = { differences: [], same: 0, isCut: false };
  const note = (difference: Difference) => {
    if (found.differences.length < mostListed) found.differences.push(difference);
    else found.isCut = true;
  };
  walk(before, after, '');
  return found;

  function walk(one: unknown, other: unknown, path: string): void {
    const [members, others] = [membersOf(one), membersOf(other)];
    if (!members || !others || Array.isArray(one) !== Array.isArray(other)) {
      if (Object.is(one, other)) found.same++;
      else note({ path, kind: 'changed', before: one, after: other });
      return;
    }
    for (const [name, value] of members) {
      const inside = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (others.has(name)) walk(value, others.get(name), inside);
      else note({ path: inside, kind: 'removed', before: value });
    }
    for (const [name, value] of others) {
      const inside = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (!members.has(name)) note({ path: inside, kind: 'added', after: value });
    }
  }
}

const membersOf = (value: unknown): Map<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
