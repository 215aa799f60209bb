/**
 * How the members of one group share its partitions out: one small table under compare-and-set, in which each member
 * counts up its own beat. Pure: data in, data out.
 */
export interface AssignmentTable {
  /** Member → beat. */
  members: Record<string, number>;
  /** Partition → member. */
  owners: (string | null)[];
}

export interface TurnOptions {
  self: string;
  partitions: number;
  /** Members whose beat has stood still for longer than a lease. */
  dead: ReadonlySet<string>;
  /** Own partitions that are given back: nothing of them is being handled here any more. */
  released: ReadonlySet<number>;
  leaving?: boolean;
}

export interface Turn {
  table: AssignmentTable;
  mine: number[];
  /** Those of `mine` that are more than the share: to be released in a later turn. */
  surplus: number[];
}

/** One turn of a member. Throws when living members divide into another number of partitions. */
export function takeTurn(before: AssignmentTable | undefined, options: TurnOptions): Turn {
  const { self, partitions, dead, released, leaving = false } = options;
  const members = Object.fromEntries(Object.entries(before?.members ?? {}).filter(([member]) => !dead.has(member)));
  const beat = (members[self] ?? 0) + 1;
  if (leaving) delete members[self];
  else members[self] = beat;
  const owners = ownersOf(before, options, members).map((owner, partition) => {
    if (owner === null || !(owner in members)) return null;
    return owner === self && released.has(partition) ? null : owner;
  });
  const share = leaving ? 0 : shareOf(self, Object.keys(members), partitions);
  const mine = owners.flatMap((owner, partition) => (owner === self ? [partition] : []));
  for (let partition = 0; partition < partitions && mine.length < share; partition++) {
    if (owners[partition] !== null || released.has(partition)) continue;
    owners[partition] = self;
    mine.push(partition);
  }
  return { table: { members, owners }, mine, surplus: mine.slice(share) };
}

function ownersOf(
  before: AssignmentTable | undefined,
  { self, partitions }: TurnOptions,
  members: Record<string, number>,
): (string | null)[] {
  if (before?.owners.length === partitions) return before.owners;
  const others = Object.keys(members).filter((member) => member !== self);
  if (before && others.length > 0) {
    throw new Error(
      `bus.partitions is ${partitions} here and ${before.owners.length} at ${others.join(', ')}: it must be the same for all`,
    );
  }
  return new Array<string | null>(partitions).fill(null);
}

/** As even as it goes; the shares of all members add up to all partitions. */
function shareOf(self: string, members: string[], partitions: number): number {
  const position = members.sort().indexOf(self);
  const even = Math.floor(partitions / members.length);
  return position < partitions % members.length ? even + 1 : even;
}
