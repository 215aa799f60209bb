import { SlidersIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const configurationPage: PageDefinition = {
  path: '/configuration',
  title: 'Configuration',
  load: () => import('./configuration-page.tsx'),
  nav: { icon: SlidersIcon, key: 'f' },
};
