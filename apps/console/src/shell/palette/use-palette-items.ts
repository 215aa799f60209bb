import { useFoundChargePoints } from '../../data/charge-points.ts';
import { useSignOut } from '../../data/session.ts';
import { pages } from '../../pages/pages.ts';
import { useSwitchColorScheme } from '../color-scheme-button.tsx';
import { useAllPaletteActions } from './palette-actions.tsx';

export interface PaletteItem {
  id: string;
  kind: 'page' | 'charge point' | 'action';
  label: string;
  detail?: string;
  run: () => void;
}

interface Asked {
  /** As typed. */
  text: string;
  /** What the system is asked for, a moment later. */
  query: string;
  openHelp: () => void;
  goTo: (to: string, params?: Record<string, string>) => void;
}

export function usePaletteItems({ text, query, openHelp, goTo }: Asked): {
  items: PaletteItem[];
  isSearching: boolean;
} {
  const own = useAllPaletteActions();
  const { data: found, isFetching } = useFoundChargePoints(query);
  const { next, switchScheme } = useSwitchColorScheme();
  const { mutate: signOut } = useSignOut();

  const ways: PaletteItem[] = pages.flatMap(({ path, title, nav }) =>
    nav ? [{ id: path, kind: 'page', label: title, detail: `g ${nav.key}`, run: () => goTo(path) }] : [],
  );
  const chargePoints: PaletteItem[] = (found?.items ?? []).map(({ networkId, name }) => ({
    id: `charge-point ${networkId}`,
    kind: 'charge point',
    label: name,
    ...(name === networkId ? {} : { detail: networkId }),
    run: () => goTo('/charge-points/$id', { id: networkId }),
  }));
  const actions: PaletteItem[] = [
    ...own.map((action) => ({ ...action, kind: 'action' as const })),
    { id: 'scheme', kind: 'action', label: `Show it ${next}`, run: switchScheme },
    { id: 'help', kind: 'action', label: 'Keys and signs', detail: '?', run: openHelp },
    { id: 'docs', kind: 'action', label: 'API documentation', run: () => window.open('/docs', '_blank', 'noopener') },
    { id: 'sign-out', kind: 'action', label: 'Sign out', run: () => signOut() },
  ];
  const items = [...matching(ways, text), ...chargePoints, ...matching(actions, text)];
  return { items, isSearching: isFetching || query !== text };
}

/** All words, anywhere. */
function matching(items: readonly PaletteItem[], text: string): PaletteItem[] {
  const words = text.toLowerCase().split(/\s+/);
  return items.filter(({ label, detail = '' }) =>
    words.every((word) => `${label} ${detail}`.toLowerCase().includes(word)),
  );
}
