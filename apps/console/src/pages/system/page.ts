import { SystemIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const systemPage: PageDefinition = {
  path: '/system',
  title: 'System',
  load: () => import('./system-page.tsx'),
  nav: { icon: SystemIcon, key: 's' },
};
