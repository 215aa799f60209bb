import { CommandIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const commandsPage: PageDefinition = {
  path: '/commands',
  title: 'Commands',
  load: () => import('./commands-page.tsx'),
  nav: { icon: CommandIcon, key: 'o' },
};
