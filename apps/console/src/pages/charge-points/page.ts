import { StationIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const chargePointsPage: PageDefinition = {
  path: '/charge-points',
  title: 'Charge points',
  load: () => import('./charge-points-page.tsx'),
  nav: { icon: StationIcon, key: 'c', onPhone: true },
};
