const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/;
/** After every character of an id. */
const afterAll = '~';

/** UUIDs hold no later time. */
const latest = 2 ** 48 - 1;

export interface IdRange {
  from: string;
  to: string;
}

/** The ids that were made within so many milliseconds before and after this one. An id that tells no time is alone. */
export function idsAround(id: string, { before, after }: { before: number; after: number }): IdRange {
  const time = idTime(id);
  if (time === undefined) return { from: id, to: id };
  return { from: prefixOf(time - before), to: prefixOf(time + after) + afterAll };
}

/** When the id was made, in milliseconds since 1970; `undefined` when it tells none. */
export function idTime(id: string): number | undefined {
  return uuidV7.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}

function prefixOf(time: number): string {
  const digits = Math.min(Math.max(time, 0), latest).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}
