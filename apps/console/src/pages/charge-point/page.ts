import type { PageDefinition } from '../../shell/page.ts';

export const chargePointPage: PageDefinition = {
  path: '/charge-points/$id',
  title: 'Charge point',
  load: () => import('./charge-point-page.tsx'),
};
