import { BoardIcon } from '../../icons/icons.tsx';
import type { PageDefinition } from '../../shell/page.ts';

export const boardPage: PageDefinition = {
  path: '/board',
  title: 'Board',
  load: () => import('./board-page.tsx'),
  nav: { icon: BoardIcon, key: 'b', onPhone: true },
};
