import { useSummary } from '../../data/charge-points.ts';
import { DoorIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const notConnectedPage: PageDefinition = {
  path: '/not-connected',
  title: 'Not connected yet',
  load: () => import('./not-connected-page.tsx'),
  nav: {
    icon: DoorIcon,
    key: 'n',
    onPhone: true,
    short: 'Not connected',
    useCount: () => useSummary().data?.refused,
  },
};
