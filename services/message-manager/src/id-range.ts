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
  if (!uuidV7.test(id)) return { from: id, to: id };
  const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return { from: prefixOf(time - before), to: prefixOf(time + after) + afterAll };
}

function prefixOf(time: number): string {
  const digits = Math.min(Math.max(time, 0), latest).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}
