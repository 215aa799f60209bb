/** `text`: one value; `list`: any number, the name repeated; `flag`: true, false or not there. */
export type FilterKind = 'text' | 'list' | 'flag';
export type FilterKinds = Readonly<Record<string, FilterKind>>;

interface ValueOf {
  text: string;
  list: string[];
  flag: boolean;
}

export type FilterValues<Kinds extends FilterKinds> = { [Name in keyof Kinds]?: ValueOf[Kinds[Name]] };

export type Search = Record<string, string | string[] | undefined>;

/** `?q=abb&status=Faulted&status=Charging`, as people write it: no JSON in it. */
export function parseSearch(text: string): Search {
  const search: Search = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    search[name] = before === undefined ? value : [before, value].flat();
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    for (const one of [value].flat()) if (one !== undefined && one !== '') params.append(name, String(one));
  return params.size === 0 ? '' : `?${params}`;
}

/** What is not of its kind is not there. */
export function readFilters<Kinds extends FilterKinds>(kinds: Kinds, search: string): FilterValues<Kinds> {
  const params = new URLSearchParams(search);
  const found = Object.entries(kinds).flatMap(([name, kind]) => {
    const value = readOne(kind, params.getAll(name));
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found) as FilterValues<Kinds>;
}

function readOne(kind: FilterKind, values: string[]): string | string[] | boolean | undefined {
  const [first] = values;
  if (first === undefined || first === '') return undefined;
  if (kind === 'list') return values;
  if (kind === 'text') return first;
  return first === 'true' || first === 'false' ? first === 'true' : undefined;
}

/** What is to be changed in the address; undefined takes it away. */
export function writeFilters<Kinds extends FilterKinds>(kinds: Kinds, change: Partial<FilterValues<Kinds>>): Search {
  return Object.fromEntries(
    Object.entries(change)
      .filter(([name]) => Object.hasOwn(kinds, name))
      .map(([name, value]) => [name, writeOne(value)]),
  );
}

function writeOne(value: unknown): string | string[] | undefined {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
  return Array.isArray(value) ? value.map(String) : String(value);
}
