import { ReservationIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const reservationsPage: PageDefinition = {
  path: '/reservations',
  title: 'Reservations',
  load: () => import('./reservations-page.tsx'),
  nav: { icon: ReservationIcon, key: 'r' },
};
