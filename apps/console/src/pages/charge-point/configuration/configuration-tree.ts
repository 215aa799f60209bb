import type { ConfigurationItem } from '@ocpp-csms/api-client';
import { nameOf, placeOf } from '../../../data/configuration.ts';
import { profileOfKey } from './feature-profiles.ts';

/** What holds its keys or variables together: a component (2.x), or a feature profile (1.6). */
export interface Branch {
  place: string;
  items: readonly ConfigurationItem[];
  /** Whether its items are seen. */
  isOpen: boolean;
}

export type TreeRow = Branch | ConfigurationItem;

export const isBranch = (row: TreeRow): row is Branch => 'place' in row;

export interface TreeFilter {
  /** May be in any of the words of an item. */
  q: string | undefined;
  onlyDrift: boolean;
}

/** The branches in their order, each followed by its items, unless it is folded. */
export function treeOf(
  items: readonly ConfigurationItem[],
  { q, onlyDrift }: TreeFilter,
  folded: ReadonlySet<string>,
): TreeRow[] {
  const wanted = q?.toLowerCase() ?? '';
  const fitting = items.filter((item) => (!onlyDrift || item.drift === true) && wordsOf(item).includes(wanted));
  return [...Map.groupBy(fitting, branchOf)]
    .toSorted(([a], [b]) => inOrder.compare(a, b))
    .flatMap(([place, own]) => {
      const sorted = own.toSorted((a, b) => inOrder.compare(nameOf(a), nameOf(b)));
      const isOpen = !folded.has(place);
      return [{ place, items: sorted, isOpen }, ...(isOpen ? sorted : [])];
    });
}

export const branchesOf = (items: readonly ConfigurationItem[]): string[] => [...new Set(items.map(branchOf))];

export const branchOf = (item: ConfigurationItem): string =>
  item.key === undefined ? placeOf(item) : profileOfKey(item.key);

const wordsOf = (item: ConfigurationItem): string =>
  `${branchOf(item)} ${nameOf(item)} ${item.value ?? ''}`.toLowerCase();

/** EVSE 2 before EVSE 10. */
const inOrder = new Intl.Collator(undefined, { numeric: true });
